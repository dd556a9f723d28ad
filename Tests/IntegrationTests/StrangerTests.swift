import Foundation
import PortAPI
import PortClient
import PortSystem
import Testing

/// Promises 17 and 19 on the real daemon.
@Suite struct StrangerTests {
    private let sandbox = try! Sandbox()

    private func door() throws -> (host: String, port: UInt16) {
        let status = try sandbox.portctl("status", "--json").output
        let address = try JSONDecoder().decode(StatusBody.self, from: Data(status.utf8)).listeners[0].address
        return ("127.0.0.1", UInt16(address.split(separator: ":")[1])!)
    }

    /// Needs root, to become somebody else.
    @Test(.enabled(if: geteuid() == 0, "becoming another user needs root"))
    func anotherUserGetsNothing() throws {
        try sandbox.portctl("start")
        let port = try door().port
        let request = """
            curl -s -w ' %{http_code}\\n' -H 'Content-Type: application/json' \
            -d '{"app":"a","instance":"i","service":"s"}'
            """
        let outcome = try sandbox.shell(
            """
            chmod 711 \(sandbox.root)
            other() { setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; }
            other \(request) http://127.0.0.1:\(port)/v1/allocations
            other \(request) -H "Authorization: Bearer $(cat $PORT_SERVER_HOME/token)" http://127.0.0.1:\(port)/v1/allocations
            other \(request) --unix-socket $PORT_SERVER_HOME/port-server.sock http://localhost/v1/allocations || echo refused
            other env PORT_SERVER_HOME=$PORT_SERVER_HOME PORTCTL_AUTOSTART=0 portctl port web || echo refused
            # Even when somebody opens the directory: the kernel says who is there.
            chmod 711 $PORT_SERVER_HOME; chmod 666 $PORT_SERVER_HOME/port-server.sock
            other \(request) --unix-socket $PORT_SERVER_HOME/port-server.sock http://localhost/v1/allocations
            """
        )
        #expect(outcome.output.components(separatedBy: "another_user").count == 4)
        #expect(outcome.output.components(separatedBy: " 403").count == 4)
        #expect(outcome.output.components(separatedBy: "refused").count == 3)
        chmod(sandbox.home.path, 0o700)
        #expect(try sandbox.portctl("list", "--all").output == "")
    }

    @Test func aClientThatClosesEarlyIsNobody() throws {
        try sandbox.portctl("start")
        let (host, port) = try door()
        let body = #"{"app":"a","instance":"i","service":"s"}"#
        let request =
            "POST /v1/allocations HTTP/1.1\r\nHost: \(host):\(port)\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        func sendAndClose() throws {
            let socket = try StreamSocket.connect(host: host, port: port, timeout: .seconds(5))
            try socket.send(Array(request.utf8))
        }
        for _ in 0..<50 { try sendAndClose() }
        // Served or refused, each is in the journal as this user or not at all: the daemon lives and is consistent.
        #expect(try sandbox.portctl("list", "--all", "--json").status == 0)
    }

    @Test func manySlowClientsOnTCPKeepNobodyOffTheSocket() throws {
        try sandbox.portctl("start")
        let (host, port) = try door()
        var slow: [Int32] = []
        defer { for descriptor in slow { close(descriptor) } }
        for _ in 0..<400 {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
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
        #expect(try client.send("GET", Paths.health, as: StatusWordBody.self).status == "ok")
        // Each of the first 256 is cut off after five seconds, then the next are let in: somebody new gets an answer.
        let tcp = PortClient(address: .tcp(host: host, port: port))
        while try !isHealthy(tcp) {}
    }

    /// `false` when no answer came in the client's time.
    private func isHealthy(_ client: PortClient) throws -> Bool {
        do {
            return try client.send("GET", Paths.health, as: StatusWordBody.self).status == "ok"
        } catch {
            if case .noAnswer = error { return false }
            throw error
        }
    }

    @Test func filesThatOthersCouldHavePlantedAreRefused() throws {
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
