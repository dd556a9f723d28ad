import Foundation
import PortSystem
import PortTestSupport
import Testing

/// `portctl wait` and `run --wait-for`, with real servers.
@Suite struct WaitCommandTests {
    private let sandbox = try! Sandbox()

    /// Listens on an address and a port, and prints each connection. Answers the first request with 503, and the others
    /// with 200.
    private static let server = """
        import socket, sys
        address, port = sys.argv[1], int(sys.argv[2])
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        listener = socket.create_server((address, port), family=family)
        status = b"503 no"
        while True:
            connection, _ = listener.accept()
            print("connection", flush=True)
            connection.recv(1000)
            connection.sendall(b"HTTP/1.1 " + status + b"\\r\\nContent-Length: 0\\r\\n\\r\\n")
            connection.close()
            status = b"200 ok"
        """

    private func serve(_ port: String, on address: String, in directory: String, output: String) throws -> ChildProcess
    {
        try sandbox.start("python3", ["-c", Self.server, address, port], in: directory, outputTo: output)
    }

    private func project() throws -> (directory: String, port: String) {
        let directory = try sandbox.makeDirectory("shop")
        try sandbox.portctl("start", environment: sandbox.narrowRegistry)
        return (directory, try sandbox.portctl("port", "web", in: directory).lines[0])
    }

    @Test(arguments: ["127.0.0.1", "::1", "127.0.0.9"])
    func waitEndsWhenTheServerListensAndConnectsToNothing(_ address: String) throws {
        let (directory, port) = try project()
        let waiting = try sandbox.start("portctl", ["wait", "web"], in: directory, outputTo: "\(sandbox.root)/wait")
        let log = "\(sandbox.root)/server"
        let server = try serve(port, on: address, in: directory, output: log)
        defer { server.end() }
        #expect(waiting.wait() == 0)
        let place = address.contains(":") ? "[\(address)]" : address
        let printed = try String(contentsOfFile: "\(sandbox.root)/wait.out", encoding: .utf8)
        #expect(printed == "web listens on \(place):\(port)\n")
        #expect(try String(contentsOfFile: "\(log).out", encoding: .utf8) == "")
    }

    @Test func timeIsUpWithItsOwnExitCode() throws {
        let (directory, port) = try project()
        let wait = try sandbox.portctl("wait", "web", "--timeout", "0", in: directory)
        #expect(wait.status == 5 && wait.output == "")
        #expect(wait.errors.contains("nobody listens on port \(port) of web"))
        let unknown = try sandbox.portctl("wait", "db", "--timeout", "0", in: directory)
        #expect(unknown.status == 5 && unknown.errors.contains("db has no port yet"))
    }

    @Test func anotherServerDoesNotEndTheWait() throws {
        let (directory, port) = try project()
        let foreign = try sandbox.startServer(on: port)
        defer { foreign.end() }
        let wait = try sandbox.portctl("wait", "web", "--timeout", "0", in: directory)
        #expect(wait.status == 3 && wait.output == "" && wait.errors.contains("python3 (pid \(foreign.pid))"))
    }

    @Test func httpWaitsForAStatusBelow500() throws {
        let (directory, port) = try project()
        let log = "\(sandbox.root)/server"
        let server = try serve(port, on: "127.0.0.1", in: directory, output: log)
        defer { server.end() }
        #expect(try sandbox.portctl("wait", "web", "--http", "/health", in: directory).status == 0)
        #expect(try String(contentsOfFile: "\(log).out", encoding: .utf8) == "connection\nconnection\n")
    }

    @Test func runStartsItsCommandAfterTheServicesThatItWaitsFor() throws {
        let (directory, port) = try project()
        let output = "\(sandbox.root)/run"
        let run = try sandbox.start(
            "portctl",
            ["run", "app", "--quiet", "--wait-for", "web", "--", "echo", "started"],
            in: directory,
            outputTo: output
        )
        let server = try serve(port, on: "127.0.0.1", in: directory, output: "\(sandbox.root)/server")
        defer { server.end() }
        #expect(run.wait() == 0)
        #expect(try String(contentsOfFile: "\(output).out", encoding: .utf8) == "started\n")
    }

    @Test(arguments: [
        ["wait"], ["wait", ""], ["wait", "web", "--timeout", "-1"], ["wait", "web", "--timeout", "x"],
        ["wait", "web", "--http", "health"], ["run", "app", "--wait-for", "db,,api", "--", "true"],
        ["run", "app", "--wait-for", "", "--", "true"],
    ])
    func badInputIsAUsageError(_ words: [String]) throws {
        let outcome = try sandbox.run("portctl", words)
        #expect(outcome.status == 1 && outcome.output == "" && outcome.errors.contains("Error: "))
    }

    @Test(arguments: [
        (["wait", "3000"], "3000 is a number, not the name of a service"),
        (["run", "app", "--wait-for", "web,3000", "--", "true"], "3000 is a number, not the name of a service"),
        (["run", "app", "--wait-for", "web,app", "--", "true"], "app cannot wait for itself"),
        (["run", "app", "--wait-for", "shop/main/app", "--", "true"], "shop/main/app cannot wait for itself"),
        (["wait", "web", "web", "--timeout", "0"], "after 0 seconds: nobody listens on port PORT of web\n"),
    ])
    func waitThatCannotEndIsRefused(_ words: [String], _ message: String) throws {
        let (directory, port) = try project()
        let outcome = try sandbox.run("portctl", words, in: directory)
        #expect(outcome.errors.contains("portctl: \(message.replacing("PORT", with: port))"), "\(outcome.errors)")
        #expect(outcome.status == (words.contains("--timeout") ? 5 : 1))
    }

    /// A server that sends a byte every tenth of a second, and never a whole line.
    private static let drip = """
        import socket, sys, time
        listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
        connection, _ = listener.accept()
        while True:
            connection.sendall(b"x")
            time.sleep(0.1)
        """

    @Test func timeIsUpThoughAServerSendsSomething() throws {
        let (directory, port) = try project()
        let log = "\(sandbox.root)/server"
        let server = try sandbox.start("python3", ["-c", Self.drip, port], in: directory, outputTo: log)
        defer { server.end() }
        let outcome = try sandbox.run("portctl", ["wait", "web", "--http", "/", "--timeout", "2"], in: directory)
        #expect(outcome.status == 5 && outcome.errors.contains("does not answer GET /"), "\(outcome.errors)")
    }

    @Test func serviceOfAnotherWorktreeIsNeitherWaitedForNorVerified() throws {
        let (directory, port) = try project()
        let server = try serve(port, on: "127.0.0.1", in: directory, output: "\(sandbox.root)/server")
        defer { server.end() }
        #expect(try sandbox.run("portctl", ["wait", "web"], in: directory).status == 0)
        let other = try sandbox.makeDirectory("other")
        let waited = try sandbox.run("portctl", ["wait", "web", "--timeout", "0"], in: other)
        #expect(waited.status == 5 && waited.errors.contains("web has no port yet"), "\(waited.errors)")
        let run = try sandbox.run("portctl", ["verify", "web"], in: other)
        #expect(run.status == 1 && run.output == "")
        #expect(run.errors.contains("other/main has no service \"web\"; shop/main/web is another project's"))
        #expect(run.errors.contains("portctl run web -- COMMAND starts it"))
        #expect(try sandbox.run("portctl", ["verify", "shop/main/web"], in: other).status == 0)
    }

    @Test func waitGoesOnWhileTheDaemonIsRestarted() throws {
        let (directory, port) = try project()
        let waiting = try sandbox.start("portctl", ["wait", "web"], in: directory, outputTo: "\(sandbox.root)/wait")
        try sandbox.portctl("restart", environment: sandbox.narrowRegistry)
        let server = try serve(port, on: "127.0.0.1", in: directory, output: "\(sandbox.root)/server")
        defer { server.end() }
        #expect(waiting.wait() == 0)
    }

    @Test func waitStartsNoDaemonThatWasStopped() throws {
        let (directory, _) = try project()
        let log = "\(sandbox.root)/wait"
        let waiting = try sandbox.start("portctl", ["wait", "web"], in: directory, outputTo: log)
        // Connected, and not only started.
        try sandbox.wait(for: "the wait's request") {
            try String(contentsOfFile: "/proc/net/unix", encoding: .utf8).split(separator: "\n")
                .contains { $0.contains(" 0001 03 ") && $0.hasSuffix(sandbox.home.socketPath) }
        }
        try sandbox.portctl("stop")
        #expect(waiting.wait() == 1)
        #expect(try String(contentsOfFile: "\(log).err", encoding: .utf8).contains("port-server is not running"))
        #expect(try sandbox.portctl("status").output.contains("not running"))
    }

    @Test(arguments: [
        ["verify", "http://localhost\u{1B}[31m:80"], ["run", "x", "--", "\u{1B}[31mnothing"],
        ["run", "--env-name", "A\u{1B}", "x", "--", "true"], ["wait", "--\u{1B}[31m"],
    ])
    func argumentsDoNotControlTheTerminal(_ words: [String]) throws {
        try sandbox.portctl("start", environment: sandbox.narrowRegistry)
        let outcome = try sandbox.run("portctl", words)
        #expect(outcome.status != 0 && !(outcome.errors + outcome.output).contains("\u{1B}"), "\(outcome.errors)")
    }
}
