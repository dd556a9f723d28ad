import Foundation
import PortTestSupport
import Testing

/// UDP: `who N/udp`, and what a bound UDP socket changes about a request.
@Suite struct UDPCommandTests {
    private let sandbox = try! Sandbox()

    /// Starts a process in `directory` that binds UDP sockets to `addresses` at the port, and returns it.
    private func bindUDP(
        _ port: String,
        _ addresses: [String] = ["127.0.0.1"],
        in directory: String? = nil,
        as name: String = "udp"
    ) throws -> ChildProcess {
        let program = """
            import signal, socket, sys
            sockets = []
            for address in sys.argv[2:]:
                family = socket.AF_INET6 if ":" in address else socket.AF_INET
                s = socket.socket(family, socket.SOCK_DGRAM)
                s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
                if family == socket.AF_INET6: s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                s.bind((address, int(sys.argv[1]))); sockets.append(s)
            print("ready", flush=True)
            signal.pause()
            """
        let ready = "\(sandbox.root)/\(name)-\(port)"
        let process = try sandbox.start(
            "python3",
            ["-c", program, port] + addresses,
            in: directory,
            outputTo: ready
        )
        try sandbox.wait(for: "the UDP socket") {
            (try? String(contentsOfFile: "\(ready).out", encoding: .utf8).contains("ready")) == true
        }
        return process
    }

    @Test func whoShowsTheProcessOfAUDPPort() throws {
        let shop = try sandbox.makeRepository("shop")
        try sandbox.portctl("start", environment: sandbox.narrowRegistry)
        let port = "\(sandbox.firstPort)"
        let nobody = try sandbox.portctl("who", "\(port)/udp")
        #expect(nobody.status == 1 && nobody.output == "nobody has UDP port \(port)\n")
        #expect(try sandbox.portctl("who", "\(port)/udp", "--json").output.filter { !$0.isWhitespace } == "[]")
        let server = try bindUDP(port, ["127.0.0.1", "::1"], in: shop)
        defer { server.end() }
        for spelling in ["\(port)/udp", "\(port)/UDP"] {
            let who = try sandbox.portctl("who", spelling)
            #expect(who.status == 0 && who.errors.isEmpty)
            let first = "python3 (pid \(server.pid)) has UDP port 127.0.0.1:\(port) in \(shop)"
            #expect(who.lines.first?.hasPrefix(first) == true, "\(who.output)")
            #expect(who.output.contains("\npython3 (pid \(server.pid)) has UDP port [::1]:\(port) in \(shop)"))
        }
        let json = try sandbox.portctl("who", "\(port)/udp", "--json").output
        #expect(json.contains("\"protocol\" : \"udp\"") && json.contains("\"pid\" : \(server.pid)"))
        // Nobody listens: the exit code of before, and the JSON, are about TCP.
        for question in [port, "\(port)/tcp"] {
            let who = try sandbox.portctl("who", question)
            #expect(who.status == 1 && who.lines.first == "nobody listens on port \(port)")
            #expect(who.output.contains("has UDP port") == (question == port))
            #expect(try sandbox.portctl("who", question, "--json").output.filter { !$0.isWhitespace } == "[]")
        }
        #expect(try sandbox.portctl("ps").output.contains(port) == false)
    }

    @Test func whoShowsListenersFirst() throws {
        try sandbox.portctl("start")
        let port = "\(sandbox.firstPort)"
        let listener = try sandbox.startServer(on: port)
        defer { listener.end() }
        let udp = try bindUDP(port)
        defer { udp.end() }
        let who = try sandbox.portctl("who", port)
        #expect(who.status == 0)
        #expect(who.lines.first?.hasPrefix("python3 (pid \(listener.pid)) listens on 127.0.0.1:\(port)") == true)
        #expect(who.output.contains("\npython3 (pid \(udp.pid)) has UDP port 127.0.0.1:\(port)"))
        #expect(try !sandbox.portctl("who", "\(port)/tcp").output.contains("UDP"))
        #expect(try !sandbox.portctl("who", port, "--json").output.contains("udp"))
    }

    @Test func bothProcessesThatShareAUDPPortAreShown() throws {
        try sandbox.portctl("start")
        let port = "\(sandbox.firstPort)"
        let servers = [try bindUDP(port, as: "first"), try bindUDP(port, as: "second")]
        defer { for server in servers { server.end() } }
        let who = try sandbox.portctl("who", "\(port)/udp").output
        for server in servers { #expect(who.contains("(pid \(server.pid)) has UDP port 127.0.0.1:\(port)")) }
    }

    @Test(arguments: ["127.0.0.1", "127.0.0.9", "::1", "0.0.0.0", "::"])
    func automaticChoiceLeavesOutANumberWithAUDPSocket(_ address: String) throws {
        try sandbox.portctl("start", environment: sandbox.narrowRegistry)
        let (first, second) = ("\(sandbox.firstPort)", "\(sandbox.firstPort + 1)")
        let server = try bindUDP(first, [address])
        defer { server.end() }
        let granted = try sandbox.portctl("allocate", "--app", "a", "--service", "web")
        #expect(granted.output.contains(second) && !granted.output.contains(first) && granted.errors.isEmpty)
        server.end()
        let next = try sandbox.portctl("allocate", "--app", "b", "--service", "web")
        #expect(next.output.contains(first))
    }

    @Test func requestedNumberIsGrantedWithAWarning() throws {
        try sandbox.portctl("start")
        let port = "\(sandbox.firstPort)"
        let server = try bindUDP(port)
        defer { server.end() }
        let used = "UDP port \(port) is used by python3 (pid \(server.pid)) in \(sandbox.root)/user"
        let check = try sandbox.portctl("check", port)
        #expect(check.status == 0 && check.output == "port \(port) is available\n")
        #expect(check.errors.contains(used))
        let shop = try sandbox.makeRepository("shop")
        let granted = try sandbox.portctl("port", "web", "--port", port, in: shop)
        #expect(granted.status == 0 && granted.lines == [port] && granted.errors.contains(used))
        #expect(granted.errors.contains("portctl who \(port)"))
        // From then on it is the service's own.
        let again = try sandbox.portctl("port", "web", in: shop)
        #expect(again.lines == [port] && again.errors.isEmpty)
    }

    @Test func killOfAUDPPortIsRefusedWithItsProcess() throws {
        try sandbox.portctl("start")
        let port = "\(sandbox.firstPort)"
        let server = try bindUDP(port)
        defer { server.end() }
        let refused = try sandbox.portctl("kill", "\(port)/udp", "--yes", "--force")
        #expect(refused.status == 1 && refused.output.isEmpty && server.isRunning)
        #expect(refused.errors.contains("not who has UDP port \(port): python3 (pid \(server.pid))"))
        #expect(refused.errors.contains("kill \(server.pid) ends it"))
        let nobody = try sandbox.portctl("kill", "\(sandbox.firstPort + 1)/udp")
        #expect(nobody.status == 1 && nobody.errors.contains("nobody has it now"))
    }

    @Test(arguments: ["70000/udp", "0/udp", "53/sctp", "53/", "53/udp/"])
    func whatIsNeitherAPortNorANameIsRefused(_ text: String) throws {
        let who = try sandbox.portctl("who", text)
        #expect(who.status == 1 && who.output.isEmpty && !who.errors.isEmpty)
        #expect(["53/sctp", "53/"].contains(text) == who.errors.contains("write 53/tcp or 53/udp"))
    }

    @Test func protocolOfANameIsExplained() throws {
        try sandbox.portctl("start")
        let who = try sandbox.portctl("who", "web/udp")
        #expect(who.status == 1 && who.errors.contains("a protocol goes with a number, as in \"53/udp\""))
    }

    @Test(.enabled(if: geteuid() == 0, "becoming another user needs root"))
    func udpSocketOfAnotherUserIsOneOfAnUnknownProcess() throws {
        let port = "\(sandbox.firstPort)"
        let root = try bindUDP(port)
        defer { root.end() }
        let outcome = try sandbox.shell(
            """
            chmod 711 \(sandbox.root); mkdir -m 777 \(sandbox.root)/other
            cd \(sandbox.root)/other
            other() { setpriv --reuid 65534 --regid 65534 --clear-groups env PORT_SERVER_HOME=$PWD/h HOME=$PWD "$@"; }
            other portctl who \(port)/udp
            other portctl allocate --app a --service web --port \(port) 2>&1
            other portctl kill \(port)/udp 2>&1
            other portctl stop >/dev/null
            """
        )
        #expect(outcome.output.contains("a process of user id 0 has UDP port 127.0.0.1:\(port); which one is unknown"))
        #expect(outcome.output.contains("UDP port \(port) is used by an unknown process of user id 0"))
        #expect(outcome.output.contains("not who has UDP port \(port): an unknown process of user id 0 has it"))
    }
}
