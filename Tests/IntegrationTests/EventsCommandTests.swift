import Foundation
import Testing

/// `portctl events`, once and following.
@Suite struct EventsCommandTests {
    private let sandbox = try! Sandbox()

    /// `portctl events --follow`, once the daemon knows that it reads.
    private func follow(_ arguments: String..., name: String = "follow") throws -> Child {
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

    private func told(_ text: String, _ name: String = "follow", _ end: String = "out") throws {
        try sandbox.wait(for: text) { lines(name, end).contains { $0.contains(text) } }
    }

    @Test func withoutFollowingItIsTheStorySoFar() throws {
        #expect(try sandbox.portctl("events").errors.hasSuffix("nothing has happened yet\n"))
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

    @Test func followingTellsWhatHappensInOneLineEach() throws {
        let child = try follow()
        try sandbox.portctl("allocate", "--app", "shop", "--instance", "main", "--service", "web")
        try told("shop/main/web")
        let line = try #require(lines().last { $0.contains("shop/main/web") })
        #expect(line.contains("  allocated  ") && line.contains("  pid "))
        kill(child.pid, SIGINT)
        #expect(child.wait() == -SIGINT)
        #expect(lines("follow", "err").allSatisfy { $0.hasPrefix("port-server started") })
    }

    @Test func asJSONEachLineIsAnObjectWithItsId() throws {
        let child = try follow("--json")
        defer { kill(child.pid, SIGKILL) }
        try sandbox.portctl("allocate", "--app", "shop", "--instance", "main", "--service", "web")
        try told("shop/main/web")
        var ids: [String] = []
        for line in lines() {
            let event = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            #expect(event?["type"] is String)
            ids.append(try #require(event?["id"] as? String))
        }
        #expect(Set(ids).count == ids.count)
    }

    @Test func aDaemonThatGoesAndComesBackIsWaitedFor() throws {
        let child = try follow("--json")
        defer { kill(child.pid, SIGKILL) }
        try sandbox.portctl("stop")
        try told("the daemon is gone; waiting for it", "follow", "err")
        try sandbox.portctl("allocate", "--app", "shop", "--instance", "main", "--service", "meanwhile")
        try told("the daemon is back", "follow", "err")
        // What another daemon told cannot be gone on with, and that is said.
        try told(#"{"type":"reset"}"#)
        try sandbox.portctl("allocate", "--app", "shop", "--instance", "main", "--service", "web")
        try told("shop/main/web")
    }

    @Test func aDaemonThatIsStoppingIsWaitedForToo() throws {
        let child = try follow()
        defer { kill(child.pid, SIGKILL) }
        // Stopping takes as long as what is being asked, here up to three seconds.
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
        try told("the daemon is gone; waiting for it", "follow", "err")
        try sandbox.portctl("start")
        try told("the daemon is back", "follow", "err")
        #expect(child.isRunning)
    }

    @Test func aReaderThatGoesEndsIt() throws {
        let outcome = try sandbox.shell(
            "portctl start >/dev/null; portctl events -f | head -n 1 & portctl port web; wait $!"
        )
        #expect(outcome.status == 0)
    }
}
