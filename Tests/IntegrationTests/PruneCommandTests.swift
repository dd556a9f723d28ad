import Foundation
import PortTestSupport
import Testing

/// `portctl prune` with the real daemon.
@Suite struct PruneCommandTests {
    private let sandbox = try! Sandbox()

    /// Allocates a port for a project whose owner has exited. Returns the port and the owner's pid.
    private func exited(_ name: String) throws -> (port: String, pid: Int32) {
        let owner = try sandbox.start("sleep", ["1000"], outputTo: "\(sandbox.root)/\(name)")
        let outcome = try sandbox.run("get-port", name, "--pid", "\(owner.pid)")
        owner.end()
        let port = outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)
        try sandbox.wait(for: "the owner's exit") { try sandbox.run("list-ports").output.contains("\u{1F480}") }
        return (port, owner.pid)
    }

    @Test func pruneShowsBeforeItEndsAnything() throws {
        let (port, pid) = try exited("shop")
        _ = try sandbox.portctl("port", "web", environment: sandbox.narrowRegistry)
        let line = "port \(port) of shop: process \(pid) has ended\n"
        let shown = try sandbox.portctl("prune", "--dry-run")
        #expect(shown.status == 0 && shown.output == line + "1 allocation would end\n")
        let refused = try sandbox.portctl("prune")
        #expect(refused.status == 1 && refused.output == "")
        #expect(
            refused.errors == line
                + """
                portctl: 1 allocation would end, and there is no terminal to ask on
                  portctl prune --yes ends them, --dry-run only shows them

                """
        )
        #expect(try sandbox.portctl("list", "--all").lines.count == 3)
        let pruned = try sandbox.portctl("prune", "--yes")
        #expect(pruned.status == 0 && pruned.output == line + "1 allocation ended\n" && pruned.errors == "")
        #expect(try sandbox.portctl("list", "--all").lines.count == 2)
        #expect(try sandbox.portctl("why", port).output.contains("pruned: process \(pid) has ended"))
        // Pruning does not forget.
        #expect(try sandbox.run("get-port", "shop").output == port + "\n")
    }

    @Test func nothingToPruneIsNoError() throws {
        for arguments in [["prune"], ["prune", "--yes"], ["prune", "--dry-run"]] {
            let outcome = try sandbox.run("portctl", arguments)
            #expect(outcome.status == 0 && outcome.output == "")
            #expect(outcome.errors.hasSuffix("nothing to prune: no allocation waits for its end\n"), "\(arguments)")
        }
        let json = try sandbox.portctl("prune", "--json")
        #expect(json.status == 0 && json.errors == "")
        #expect(json.output == "{\n  \"allocations\" : [\n\n  ],\n  \"count\" : 0,\n  \"dry_run\" : false\n}\n")
    }

    @Test func pruneAtATerminalNeedsAYes() throws {
        let (port, _) = try exited("shop")
        let spawn = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"
        func typing(_ answer: String) throws -> Sandbox.Outcome {
            try sandbox.shell("echo \(answer) | python3 -c '\(spawn)' portctl prune")
        }
        let declined = try typing("n")
        #expect(declined.status == 1 && declined.output.contains("end 1 allocation? [y/N]"))
        #expect(declined.output.contains("nothing was ended"))
        #expect(try sandbox.portctl("lookup", "shop").output == port + "\n")
        #expect(try typing("y").output.contains("1 allocation ended"))
        #expect(try sandbox.portctl("lookup", "shop").status == 1)
    }

    @Test func refusalAsJSONHasACode() throws {
        _ = try exited("shop")
        let refused = try sandbox.portctl("prune", "--json")
        #expect(refused.status == 1 && refused.output == "")
        #expect(refused.errors.contains("\"code\" : \"not_confirmed\""))
    }
}
