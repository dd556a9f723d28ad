import Foundation
import PortTestSupport
import Testing

/// `port-manager` beyond its documentation: the kinds of JSON answers, refusals, and its place beside the other faces.
@Suite struct PortManagerCommandTests {
    private let sandbox = try! Sandbox()

    private func manage(_ words: String...) throws -> Sandbox.Outcome { try sandbox.run("port-manager", words) }

    /// Returns the answer as JSON. A refusal is on standard output, too.
    private func answer(_ words: String..., failing: Bool = false) throws -> [String: Any] {
        let outcome = try sandbox.run("port-manager", words + ["--json"])
        #expect(outcome.status == (failing ? 1 : 0), "\(words): \(outcome.output)\(outcome.errors)")
        return try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    }

    @Test func everyKindOfJSONAnswerHasAStatus() throws {
        let first = sandbox.firstManaged
        let (allocated, group) = (try answer("--allocate"), try answer("--allocate-group", "2", "--roles", "a,b"))
        #expect(allocated["status"] as? String == "allocated" && allocated["port"] as? Int == first)
        #expect(group["status"] as? String == "allocated")
        let ports = try #require(group["ports"] as? [[String: Any]])
        #expect(
            ports.map { $0["role"] as? String } == ["a", "b"]
                && ports.map { $0["port"] as? Int } == [first + 1, first + 2]
        )
        #expect(
            try answer("--release-group", try #require(group["groupId"] as? String))["status"] as? String == "released"
        )
        #expect(try answer("--reserve", "\(first + 50)")["status"] as? String == "reserved")
        #expect(try answer("--probe", "\(first)")["status"] as? String == "not-in-use")
        #expect(try answer("--probe", "\(first)")["inUse"] as? Bool == false)
        #expect(try answer("--detect", "\(first)")["status"] as? String == "not-in-use")
        #expect(try answer("--kill-port", "\(first)")["status"] as? String == "not-in-use")
        #expect(try answer("--list")["count"] as? Int == 2)
        let tree = try #require(try answer("--dashboard")["apps"] as? [[String: Any]])
        #expect(tree.map { $0["app"] as? String } == ["unnamed"])
        #expect(try answer("--release", "\(first)")["status"] as? String == "released")
        #expect(try answer("--release", "\(first)", failing: true)["code"] as? String == "allocation_not_found")
        #expect(try answer("--release-group", "none", failing: true)["code"] as? String == "group_not_found")
        #expect(try answer("--cleanup")["count"] as? Int == 1)
        #expect(try answer("--reserve", "\(first + 50)")["status"] as? String == "reserved")
        let blocked = try answer("--reserve", "\(first + 50)", failing: true)
        #expect(blocked["status"] as? String == "blocked" && blocked["code"] as? String == "port_allocated")
    }

    @Test func labelsRangesAndMetadataAreKept() throws {
        let first = sandbox.firstManaged
        let range = "\(first + 60)-\(first + 69)"
        let words = ["--allocate", "--label", "api", "--app", "shop", "--worktree", "x/y", "--metadata", "team=a=b"]
        #expect(
            try sandbox.run("port-manager", words + ["--range", range]).output
                == "Port Manager: Allocated port \(first + 60).\n"
        )
        let listed = try #require(try answer("--list")["allocations"] as? [[String: Any]])
        let metadata = ["app": "shop", "worktree": "x/y", "role": "api", "team": "a=b"]
        #expect(listed[0]["metadata"] as? [String: String] == metadata)
        let pid = try #require(listed[0]["pid"] as? Int)
        let line = try #require(try manage("--list").lines.last)
        #expect(line.hasPrefix("\(first + 60)  shop/x/y/api  since 20"))
        #expect(line.hasSuffix("Z  pid \(pid)  {\"team\":\"a=b\"}"))
        #expect(try sandbox.portctl("lookup", "shop/x/y/api").output == "\(first + 60)\n")
    }

    @Test func cleanupEndsOnlyItsOwnAllocations() throws {
        try sandbox.portctl("start", environment: sandbox.narrowRegistry)
        try sandbox.portctl("port", "web")
        try sandbox.run("get-port", "app")
        _ = try manage("--allocate")
        #expect(try manage("--cleanup").output == "Port Manager: Cleaned up 1 allocation.\n")
        #expect(try sandbox.portctl("list", "--all").lines.count == 3)
        // It lists the whole registry.
        #expect(try manage("--list").lines.count == 3)
    }

    @Test func detectAndProbeAgreeAboutASocketThatDoesNotListen() throws {
        // Not in the test process: children that other tests start have its sockets until they execute their program.
        let program = try PythonProgram(
            """
            import socket, sys
            socket = socket.socket()
            socket.bind(("127.0.0.1", 0))
            print(socket.getsockname()[1], flush=True)
            sys.stdin.read()
            """
        )
        defer {
            program.closeInput()
            _ = program.process.wait()
        }
        let port = try program.readLine()
        let detected = try sandbox.run("port-manager", "--detect", port)
        #expect(detected.status == 0 && detected.output.contains("Port \(port) is currently occupied."))
        #expect(detected.output.contains("(PID: \(program.process.pid))"), "\(detected.output)")
        #expect(try sandbox.run("port-manager", "--probe", port).output.contains("is in use."))
    }

    @Test(
        arguments: [
            (["--range", "5000-4000"], "range must be two ports"), (["--range", "x"], "range must be two ports"),
            (["--allocate-group", "0"], "between 1 and 1000"),
            (["--allocate-group", "-1"], "ports, not -1"),
            (["--allocate-group", "100000"], "not 100000"),
            (["--allocate-group", "3", "--roles", "a,b"], "3 ports need 3 roles, not 2"),
            (["0"], "port must be a number"), (["65536"], "port must be a number"), (["x"], "port must be a number"),
            (["--release", "x"], "port must be a number"), (["--list", "--cleanup"], "one action at a time"),
            (["3000", "--detect", "3000"], "one action at a time"), (["--roles", "a"], "--roles goes with"),
            (["--kill"], "--kill goes with"), (["--force"], "--force goes with"), (["--bogus"], "Unknown option"),
            (["--list", "--app", "x"], "go with what allocates"), (["--app", "a\u{7}b"], "control characters"),
            (["--metadata", "x"], "metadata must be KEY=VALUE"),
        ] as [([String], String)]
    )
    func badInputIsRefused(_ words: [String], _ message: String) throws {
        let people = try sandbox.run("port-manager", words)
        #expect(people.status == 1 && people.output == "" && people.errors.contains(message), "\(people.errors)")
        let programs = try sandbox.run("port-manager", words + ["--json"])
        #expect(programs.status == 1 && programs.output.contains("\"status\" : \"error\""), "\(programs.output)")
        #expect(try sandbox.portctl("list", "--all").output == "")
    }

    @Test func withoutADaemonADeadOwnersHoldEndsAtTheNextRequest() throws {
        let owner = try sandbox.start("sleep", ["1000"], outputTo: "\(sandbox.root)/owner")
        let port = try sandbox.run("registry-embedder", "own", "\(owner.pid)").lines[0]
        #expect(port == "\(sandbox.firstManaged)")
        #expect(try sandbox.run("registry-embedder", "list").lines == ["unnamed/default/port \(port)"])
        owner.end()
        #expect(try sandbox.run("registry-embedder", "list").output == "")
        let next = try sandbox.start("sleep", ["1000"], outputTo: "\(sandbox.root)/next")
        defer { next.end() }
        #expect(try sandbox.run("registry-embedder", "own", "\(next.pid)").lines == [port])
        #expect(sandbox.daemonPID == nil)
    }

    @Test func daemonWatchesTheOwnersOfEmbeddingPrograms() throws {
        try sandbox.portctl("start")
        let owner = try sandbox.start("sleep", ["1000"], outputTo: "\(sandbox.root)/owner")
        let port = try sandbox.run("registry-embedder", "own", "\(owner.pid)").lines[0]
        #expect(try sandbox.portctl("list", "--all", "--wide").output.contains("process  \(owner.pid) "))
        owner.end()
        try sandbox.wait(for: "the end of the hold") { try sandbox.portctl("list", "--all").output == "" }
        #expect(try sandbox.portctl("why", port).output.contains("expired"))
    }
}
