import Foundation
import PortAPI
import PortClient
import PortSystem
import Testing

/// Promises 17 and 19 with the real daemon: who may not use it, and who cannot disturb it.
@Suite struct AccessTests {
    private let sandbox = try! Sandbox()

    private func tcpAddress() throws -> (host: String, port: UInt16) {
        ("127.0.0.1", UInt16(try sandbox.httpAddress().split(separator: ":")[1])!)
    }

    @Test(.enabled(if: geteuid() == 0, "becoming another user needs root"))
    func anotherUserIsRefusedOnEveryAddress() throws {
        try sandbox.portctl("start")
        let port = try tcpAddress().port
        let request = """
            curl -s -w ' %{http_code}\\n' -H 'Content-Type: application/json' \
            -d '{"app":"a","instance":"i","service":"s"}'
            """
        let outcome = try sandbox.shell(
            """
            chmod 711 \(sandbox.root)
            other() { setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; }
            socket=$PORT_SERVER_HOME/port-server.sock
            tcp=http://127.0.0.1:\(port)/v1/allocations
            other \(request) $tcp
            other \(request) -H "Authorization: Bearer $(cat $PORT_SERVER_HOME/token)" $tcp
            other \(request) --unix-socket $socket http://localhost/v1/allocations || echo refused
            other env PORT_SERVER_HOME=$PORT_SERVER_HOME PORTCTL_AUTOSTART=0 portctl port web || echo refused
            # Even when the directory is open to others, because the kernel reports the user of the client.
            chmod 711 $PORT_SERVER_HOME; chmod 666 $socket
            other \(request) --unix-socket $socket http://localhost/v1/allocations
            """
        )
        #expect(outcome.output.components(separatedBy: "another_user").count == 4)
        #expect(outcome.output.components(separatedBy: " 403").count == 4)
        #expect(outcome.output.components(separatedBy: "refused").count == 3)
        chmod(sandbox.home.path, 0o700)
        #expect(try sandbox.portctl("list", "--all").output == "")
    }

    @Test(.enabled(if: geteuid() == 0, "becoming another user needs root"))
    func rootCreatesNoHomeForAnotherUser() throws {
        let outcome = try sandbox.shell(
            """
            unset PORT_SERVER_HOME
            chown 65534 .; export HOME=$PWD
            portctl port web || echo refused
            ls -A
            mkdir -m 700 .port_server
            portctl port web
            portctl stop
            """
        )
        let home = "\(sandbox.root)/user/.port_server"
        #expect(outcome.output.hasPrefix("refused\n3000\n"), "\(outcome)")
        #expect(outcome.errors.contains("root does not create \(home): the directory \(sandbox.root)/user belongs to"))
        #expect(outcome.errors.contains("run the command without sudo"))
    }

    @Test(
        .enabled(if: geteuid() == 0, "becoming another user needs root"),
        arguments: ["port web", "start", "list --all"]
    )
    func homeOfAnotherUserIsNamedWithTheRemedy(_ command: String) throws {
        let outcome = try sandbox.shell(
            """
            chmod 711 \(sandbox.root); portctl start >/dev/null
            setpriv --reuid 65534 --regid 65534 --clear-groups portctl \(command)
            """
        )
        #expect(outcome.status == 1)
        let reason = "the directory \(sandbox.home.path) belongs to user id 0, not to you (65534)"
        #expect(outcome.errors.contains("portctl: \(reason)"), "\(outcome.errors)")
        #expect(outcome.errors.contains("sudo chown -R 65534 \(sandbox.home.path)"))
    }

    @Test(.enabled(if: geteuid() == 0, "becoming another user needs root"))
    func statusNamesTheOwnerOfTheHome() throws {
        let outcome = try sandbox.shell(
            """
            chmod 711 \(sandbox.root); mkdir -m 700 $PORT_SERVER_HOME
            setpriv --reuid 65534 --regid 65534 --clear-groups portctl status
            """
        )
        #expect(outcome.status == 0 && outcome.errors.contains("belongs to user id 0, not to you"), "\(outcome.errors)")
    }

    /// Directories and files keep their owner's access, whatever the umask.
    @Test(arguments: ["0177", "0777"])
    func umaskDoesNotLockTheUserOut(_ umask: String) throws {
        let outcome = try sandbox.shell(
            """
            umask \(umask)
            portctl port web >/dev/null; portctl stop >/dev/null
            portctl skill install >/dev/null
            stat -c %a $PORT_SERVER_HOME $PORT_SERVER_HOME/port-server.log .claude .claude/skills
            """
        )
        #expect(outcome.output == "700\n600\n700\n700\n", "\(outcome)")
    }

    @Test func closedHomeIsNamedWithTheRemedy() throws {
        try sandbox.home.prepare()
        chmod(sandbox.home.path, 0o600)
        let outcome = try sandbox.portctl("start")
        #expect(outcome.status == 1 && outcome.errors.contains("is closed to yourself (mode 600)"), "\(outcome.errors)")
        #expect(outcome.errors.contains("chmod 700 \(sandbox.home.path)"))
    }

    @Test func clientsThatCloseEarlyDoNotDisturbTheDaemon() throws {
        try sandbox.portctl("start")
        let (host, port) = try tcpAddress()
        let body = #"{"app":"a","instance":"i","service":"s"}"#
        let request =
            "POST /v1/allocations HTTP/1.1\r\nHost: \(host):\(port)\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        func sendAndClose() throws {
            let socket = try StreamSocket.connect(host: host, port: port, timeout: .seconds(5))
            try socket.send(Array(request.utf8))
        }
        for _ in 0..<50 { try sendAndClose() }
        // Each request was served or refused, and the daemon still answers.
        #expect(try sandbox.portctl("list", "--all", "--json").status == 0)
    }

    @Test func slowTCPClientsDoNotBlockTheUnixSocket() throws {
        try sandbox.portctl("start")
        let (host, port) = try tcpAddress()
        var slow: [Int32] = []
        defer { for descriptor in slow { close(descriptor) } }
        for _ in 0..<400 {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            inet_pton(AF_INET, host, &address.sin_addr)
            let result = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            guard result == 0 else { break }
            slow.append(descriptor)
            _ = "POST / HTTP/1.1\r\n".withCString { send(descriptor, $0, 17, Int32(MSG_NOSIGNAL)) }
        }
        #expect(slow.count == 400)
        let client = PortClient(address: .home(sandbox.home))
        #expect(try client.daemon.health().status == "ok")
        // Each of the first 256 connections is closed after five seconds. Then the next are accepted, and a new client
        // gets an answer.
        let tcp = PortClient(address: .tcp(host: host, port: port))
        try sandbox.wait(for: "an answer over TCP") { try isHealthy(tcp) }
    }

    /// Returns `false` when the client's time is up before an answer arrives.
    private func isHealthy(_ client: PortClient) throws -> Bool {
        do {
            return try client.daemon.health().status == "ok"
        } catch {
            if case .noAnswer = error { return false }
            throw error
        }
    }

    @Test func plantedFilesAreRefused() throws {
        for (name, flag) in [("ports.db", "database"), ("token", "token"), ("config.yaml", "config.yaml")] {
            for kind in ["ln -s /etc/hostname", "mkfifo", "mkdir"] {
                let planted = try sandbox.shell(
                    "rm -rf $PORT_SERVER_HOME; mkdir -m 700 $PORT_SERVER_HOME; \(kind) $PORT_SERVER_HOME/\(name)"
                )
                #expect(planted.status == 0)
                let outcome = try sandbox.portctl("port", "web")
                #expect(outcome.status == 1 && outcome.errors.contains(flag), "\(kind) \(name)")
                #expect(sandbox.daemonPID == nil)
            }
        }
    }
}
