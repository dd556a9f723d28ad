import Foundation
import PortAPI
import PortClient
import PortSystem
import PortTestSupport
import Testing

/// A daemon that does not answer: every command says so, and a busy one is waited for.
@Suite struct HangTests {
    private let sandbox = try! Sandbox()

    @Test(arguments: [
        "health", "start", "stop", "restart", "list --all", "port web", "who 3000", "ps", "events", "check --port 3000",
        "service status", "doctor", "run web -- true",
    ])
    func stoppedDaemonIsNamedByEveryCommand(_ command: String) throws {
        let daemon = try sandbox.startDaemon()
        defer { daemon.end() }
        daemon.signal(SIGSTOP)
        let outcome = try sandbox.run("portctl", command.split(separator: " ").map(String.init))
        #expect(outcome.status == (command == "service status" ? 0 : 1))
        let all = outcome.output + outcome.errors
        #expect(all.contains("port-server (pid \(daemon.pid)) hangs: it was stopped by a signal"), "\(all)")
        if command != "service status" { #expect(all.contains("kill -CONT \(daemon.pid)")) }
    }

    @Test(arguments: ["get-port", "release-port", "list-ports"])
    func stoppedDaemonIsNamedByEveryProgram(_ program: String) throws {
        let daemon = try sandbox.startDaemon()
        defer { daemon.end() }
        daemon.signal(SIGSTOP)
        let outcome = try sandbox.run(program, program == "list-ports" ? [] : ["web"])
        #expect(outcome.status == 1 && outcome.errors.contains("(pid \(daemon.pid)) hangs"), "\(outcome)")
    }

    @Test func statusOfAStoppedDaemonIsRunning() throws {
        let daemon = try sandbox.startDaemon()
        defer { daemon.end() }
        daemon.signal(SIGSTOP)
        let status = try sandbox.portctl("status", "--json")
        #expect(status.status == 0)
        #expect(status.output.contains("\"running\" : true") && status.output.contains("\"pid\" : \(daemon.pid)"))
        #expect(try sandbox.portctl("status").output == "port-server is running (pid \(daemon.pid)), but hangs\n")
        // The remedy works.
        daemon.signal(SIGCONT)
        #expect(try sandbox.portctl("health").status == 0)
    }

    /// Starts a stand-in for the daemon that receives a request, runs `program`, and then answers.
    private func makeStandIn(_ program: String) throws -> ChildProcess {
        try sandbox.home.prepare()
        let script = """
            import fcntl, os, signal, socket
            os.umask(0o077)
            fcntl.flock(os.open('.', os.O_RDONLY), fcntl.LOCK_EX)
            listener = socket.socket(socket.AF_UNIX)
            listener.bind('port-server.sock')
            listener.listen()
            open('is-there', 'w')
            connection, _ = listener.accept()
            connection.recv(4096)
            \(program)
            connection.sendall(b'HTTP/1.1 200 OK\\r\\nContent-Length: 15\\r\\n\\r\\n{"status":"ok"}')
            signal.pause()
            """
        let standIn = try sandbox.start(
            "python3",
            ["-c", script],
            in: sandbox.home.path,
            outputTo: "\(sandbox.root)/stand-in"
        )
        try sandbox.wait(for: "the stand-in") {
            FileManager.default.fileExists(atPath: "\(sandbox.home.path)/is-there")
        }
        return standIn
    }

    private func health() throws(ClientError) -> String {
        try PortClient(address: .home(sandbox.home)).daemon.health().status
    }

    /// The client asks for the daemon's health twice on other connections, in vain, before it gets its answer.
    @Test func busyDaemonIsWaitedFor() throws {
        let busy = """
            listener.setblocking(False)
                probes = []
                while len(probes) < 2:
                    try: probes.append(listener.accept())
                    except BlockingIOError: pass
            """
        let standIn = try makeStandIn("if True:\n    " + busy)
        defer { standIn.end() }
        #expect(try health() == "ok")
    }

    @Test func daemonThatNeitherAnswersNorRunsHangs() throws {
        let standIn = try makeStandIn("signal.pause()")
        defer { standIn.end() }
        let error = #expect(throws: ClientError.self) { try health() }
        guard case .hangs(_, standIn.pid, isStopped: false) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}
