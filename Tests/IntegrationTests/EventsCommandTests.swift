import Foundation
import PortTestSupport
import Testing

/// `portctl events`, once and following.
@Suite struct EventsCommandTests {
    private let sandbox = try! Sandbox()

    /// Starts `portctl events --follow`, and returns once it receives events.
    private func follow(_ arguments: String..., name: String = "follow") throws -> ChildProcess {
        let child = try sandbox.start(
            "portctl",
            ["events", "--follow"] + arguments,
            outputTo: "\(sandbox.root)/\(name)"
        )
        var number = 0
        try sandbox.wait(for: "an event") {
            number += 1
            try sandbox.portctl("alloc", "begin\(number)", "--ttl", "60")
            return !lines(name).isEmpty
        }
        return child
    }

    private func lines(_ name: String = "follow", _ end: String = "out") -> [String] {
        let text = try? String(contentsOfFile: "\(sandbox.root)/\(name).\(end)", encoding: .utf8)
        return text?.split(separator: "\n").map(String.init) ?? []
    }

    private func waitForLine(with text: String, _ name: String = "follow", _ end: String = "out") throws {
        try sandbox.wait(for: text) { lines(name, end).contains { $0.contains(text) } }
    }

    @Test func eventsWithoutFollowPrintsTheJournal() throws {
        #expect(try sandbox.portctl("events").errors.hasSuffix("no events yet\n"))
        try sandbox.portctl("allocate", "--app", "shop", "--instance", "main", "--service", "web")
        try sandbox.portctl("release", "--id", "1")
        let outcome = try sandbox.portctl("events")
        #expect(outcome.lines.count == 3)
        #expect(outcome.lines[1].contains("allocated") && outcome.lines[2].contains("released"))
        let entries = try JSONSerialization.jsonObject(
            with: Data(try sandbox.portctl("events", "--json").output.utf8)
        )
        #expect((entries as? [[String: Any]])?.map { $0["action"] as? String } == ["allocated", "released"])
    }

    @Test func followPrintsOneLineForEachEvent() throws {
        let child = try follow()
        try sandbox.portctl("allocate", "--app", "shop", "--instance", "main", "--service", "web")
        try waitForLine(with: "shop/main/web")
        let line = try #require(lines().last { $0.contains("shop/main/web") })
        #expect(line.contains("  allocated  ") && line.contains("  pid "))
        kill(child.pid, SIGINT)
        #expect(child.wait() == -SIGINT)
        // The tests may run in a network namespace of their own, which the command that starts the daemon says.
        let notes = ["port-server started", "warning: port-server runs in a network namespace of its own"]
        #expect(lines("follow", "err").allSatisfy { line in notes.contains { line.hasPrefix($0) } })
    }

    @Test func followWithJSONPrintsOneObjectPerLine() throws {
        let child = try follow("--json")
        defer { kill(child.pid, SIGKILL) }
        try sandbox.portctl("allocate", "--app", "shop", "--instance", "main", "--service", "web")
        try waitForLine(with: "shop/main/web")
        var ids: [String] = []
        for line in lines() {
            let event = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            #expect(event?["type"] is String)
            ids.append(try #require(event?["id"] as? String))
        }
        #expect(Set(ids).count == ids.count)
    }

    @Test func followReconnectsWhenTheDaemonComesBack() throws {
        let child = try follow("--json")
        defer { kill(child.pid, SIGKILL) }
        try sandbox.portctl("stop")
        try waitForLine(with: "the daemon is gone; waiting for it", "follow", "err")
        try sandbox.portctl("allocate", "--app", "shop", "--instance", "main", "--service", "meanwhile")
        try waitForLine(with: "the daemon is back", "follow", "err")
        // Events of another daemon cannot be continued, and that is reported.
        try waitForLine(with: #"{"type":"reset"}"#)
        try sandbox.portctl("allocate", "--app", "shop", "--instance", "main", "--service", "web")
        try waitForLine(with: "shop/main/web")
    }

    @Test func followReconnectsAfterASlowStop() throws {
        let child = try follow()
        defer { kill(child.pid, SIGKILL) }
        // The daemon stops after the answers to its current requests, here within three seconds.
        let server = try sandbox.start(
            "python3",
            [
                "-c",
                "import signal, socket; signal.signal(15, signal.SIG_IGN); s = socket.create_server(('127.0.0.1', 0));"
                    + "print(s.getsockname()[1], flush=True); signal.pause()",
            ],
            outputTo: "\(sandbox.root)/server"
        )
        defer { kill(server.pid, SIGKILL) }
        try sandbox.wait(for: "the server") { !lines("server").isEmpty }
        let killing = try sandbox.start(
            "portctl",
            ["kill", lines("server")[0], "--yes"],
            outputTo: "\(sandbox.root)/kill"
        )
        try sandbox.portctl("stop")
        killing.wait()
        try waitForLine(with: "the daemon is gone; waiting for it", "follow", "err")
        try sandbox.portctl("start")
        try waitForLine(with: "the daemon is back", "follow", "err")
        #expect(child.isRunning)
    }

    @Test func followEndsWhenItsReaderExits() throws {
        let outcome = try sandbox.shell(
            "portctl start >/dev/null; portctl events -f | head -n 1 & portctl port web; wait $!"
        )
        #expect(outcome.status == 0)
    }
}
