import Foundation
import PortTestSupport
import Testing

/// Promise 9: another process on an allocated port is a conflict with its name, and a server of the service is not.
@Suite struct ConflictTests {
    private let sandbox = try! Sandbox()

    private func end(whoListensOn port: String) throws { try sandbox.portctl("kill", port, "--yes", "--force") }

    private func state(of port: String) throws -> String {
        let line = try sandbox.portctl("list", "--all", "--wide").lines.first { $0.contains("  \(port)  ") }
        return String(try #require(line).split(separator: " ", omittingEmptySubsequences: true)[7])
    }

    @Test func conflictNamesTheOtherProcessInEveryCommandAndTheJournal() throws {
        let shop = try sandbox.makeRepository("shop")
        try sandbox.portctl("start", environment: sandbox.narrowRegistry)
        let port = try sandbox.portctl("port", "web", in: shop).lines[0]
        let server = try sandbox.startServer(on: port)
        defer { server.end() }
        let name = "python3 (pid \(server.pid))"
        #expect(try sandbox.portctl("list", "--wide", in: shop).output.contains("  conflict: \(name)  "))
        let line = try sandbox.portctl("ps").lines.first { $0.hasPrefix("\(port)  ") }
        let columns = line?.split(separator: " ").prefix(7).map(String.init)
        #expect(columns == [port, "127.0.0.1", "\(server.pid)", "python3", "-", "shop/main/web", "conflict"])
        let tree = try sandbox.portctl("dashboard").output
        #expect(tree.contains("     web        \(port)  [CONFLICT] python3 (PID \(server.pid))\n"))
        let doctor = try sandbox.portctl("doctor")
        #expect(doctor.status == 1)
        #expect(doctor.output.contains("✗ conflicts: port \(port), which shop/main/web has, is taken by \(name)\n"))
        #expect(doctor.output.contains("    → to move the service: portctl port shop/main/web; portctl who \(port)"))
        // The daemon records the conflict itself, without any request.
        try sandbox.wait(for: "the journal") {
            try sandbox.portctl("why", port).output.contains("conflict   shop/main/web")
        }
        #expect(try sandbox.portctl("why", port).output.contains("\(name) listens on its port"))
    }

    @Test func serverStartedByTheOwnerIsNotAConflict() throws {
        let port = "\(sandbox.firstLease)"
        let elsewhere = try sandbox.makeDirectory("elsewhere")
        let shop = try sandbox.makeRepository("shop")
        let owner = try sandbox.start(
            "portctl",
            ["run", "web", "--", "sh", "-c", "cd \(elsewhere); python3 -m http.server $PORT --bind 127.0.0.1; true"],
            in: shop,
            outputTo: "\(sandbox.root)/owner"
        )
        defer { owner.end() }
        try sandbox.wait(for: "the server") { try sandbox.portctl("who", port).status == 0 }
        #expect(try state(of: port) == "active")
        try end(whoListensOn: port)
    }

    @Test func daemonizedServerOfTheOwnerIsNotAConflict() throws {
        // The shell owns the port; its server leaves the session, the directory and its parent.
        let elsewhere = try sandbox.makeDirectory("elsewhere")
        let shell = try sandbox.start(
            "sh",
            [
                "-c",
                """
                export PORT=$(get-port app)
                (cd \(elsewhere) && setsid -f python3 -m http.server $PORT --bind 127.0.0.1)
                exec sleep 1000
                """,
            ],
            outputTo: "\(sandbox.root)/shell"
        )
        defer { shell.end() }
        let port = "\(sandbox.firstProject)"
        try sandbox.wait(for: "the server") { try sandbox.portctl("who", port).status == 0 }
        #expect(try state(of: port) == "active")
        // A server of another shell on the same port is a conflict.
        try end(whoListensOn: port)
        let other = try sandbox.startServer(on: port, in: elsewhere)
        defer { other.end() }
        #expect(try state(of: port).hasPrefix("conflict"))
    }

    @Test(.enabled(if: geteuid() == 0, "becoming another user needs root"))
    func portPublishedByAnotherUserIsNotAConflict() throws {
        // As docker-proxy does for a container: root listens, and the kernel reports the process to no other user.
        let port = "\(sandbox.firstPort)"
        let proxy = try sandbox.startServer(on: port)
        defer { proxy.end() }
        let outcome = try sandbox.shell(
            """
            chmod 711 \(sandbox.root); mkdir -m 777 \(sandbox.root)/other
            cd \(sandbox.root)/other
            other() { setpriv --reuid 65534 --regid 65534 --clear-groups env PORT_SERVER_HOME=$PWD/h HOME=$PWD "$@"; }
            other portctl allocate --service db --port \(port) --adopt >/dev/null 2>&1
            other portctl list --wide | tail -1
            other portctl dashboard | tail -1
            other portctl doctor | grep conflicts
            other port-manager --detect \(port)
            other port-manager --detect \(port) --json
            other port-manager --kill-port \(port) --force --json || echo "refused $?"
            other portctl stop >/dev/null
            """
        )
        let lines = outcome.lines
        try #require(lines.count > 12, "\(outcome.output)\(outcome.errors)")
        #expect(lines[0].contains("  active  "))
        #expect(lines[1] == "     db         \(port)  [ACTIVE]")
        #expect(lines[2] == "✓ conflicts: no other process listens on an allocated port")
        let detected = "Port Manager: Port \(port) is currently occupied.\nProcess: unknown, of user id 0\n"
        #expect(outcome.output.contains(detected + "No action was taken.\n"))
        #expect(outcome.output.contains("\"status\" : \"blocked\"") && lines.last == "refused 1")
        #expect(proxy.isRunning)
    }

    @Test(.enabled(if: geteuid() == 0, "a network namespace needs root"))
    func listenerInAnotherNetworkNamespaceIsIgnored() throws {
        try sandbox.portctl("start", environment: sandbox.narrowRegistry)
        let port = try sandbox.portctl("port", "web").lines[0]
        let name = "\(sandbox.root)/elsewhere"
        let server = try sandbox.start(
            "unshare",
            [
                "--net", "python3", "-u", "-c",
                """
                import signal, socket
                server = socket.create_server(("0.0.0.0", \(port)))
                print("ready", flush=True)
                signal.pause()
                """,
            ],
            outputTo: name
        )
        defer { server.end() }
        try sandbox.wait(for: "the server") { try String(contentsOfFile: "\(name).out", encoding: .utf8) == "ready\n" }
        let who = try sandbox.portctl("who", port)
        #expect(who.status == 1 && who.output == "nobody listens on port \(port)\n")
        #expect(try state(of: port) == "reserved")
        #expect(try sandbox.portctl("kill", port, "--yes").errors.contains("nobody listens on port \(port)"))
        #expect(server.isRunning)
    }
}
