import Foundation
import PortAPI
import PortTestSupport
import Testing

/// Sandboxes that deny a command sockets of a kind, as seccomp(2) does.
@Suite(.enabled(if: canFilterCalls, "the filter is written for x86-64 and arm64 Linux"))
struct DeniedSocketTests {
    private let sandbox = try! Sandbox()

    /// A program that denies itself sockets of the families with errno `number`, and becomes the command in its
    /// arguments.
    private static func denying(_ families: String, number: Int32) -> String {
        """
        import ctypes, os, platform, struct, sys
        call, architecture = {"x86_64": (41, 0xC000003E), "aarch64": (198, 0xC00000B7)}[platform.machine()]
        families = [\(families)]
        def step(code, yes, no, value): return struct.pack("HBBI", code, yes, no, value)
        # Loads the architecture, the number of the call and its first argument: struct seccomp_data.
        program = [step(0x20, 0, 0, 4), step(0x15, 0, len(families) + 3, architecture)]
        program += [step(0x20, 0, 0, 0), step(0x15, 0, len(families) + 1, call), step(0x20, 0, 0, 16)]
        program += [step(0x15, len(families) - index, 0, family) for index, family in enumerate(families)]
        program += [step(6, 0, 0, 0x7FFF0000), step(6, 0, 0, 0x00050000 | \(number))]
        code = b"".join(program)
        buffer = ctypes.create_string_buffer(code, len(code))
        filter = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program), ctypes.addressof(buffer)))
        libc = ctypes.CDLL(None, use_errno=True)
        assert libc.prctl(38, 1, 0, 0, 0) == 0 and libc.prctl(22, 2, filter) == 0, os.strerror(ctypes.get_errno())
        os.execvp(sys.argv[1], sys.argv[1:])
        """
    }

    private func run(
        denying families: String,
        number: Int32 = EPERM,
        _ command: String,
        environment: [String: String?] = [:]
    ) throws -> Sandbox.Outcome {
        let arguments = ["-c", Self.denying(families, number: number)] + command.split(separator: " ").map(String.init)
        return try sandbox.run("python3", arguments, environment: environment)
    }

    @Test(arguments: [EPERM, EACCES, EAFNOSUPPORT])
    func deniedUnixSocketsAreAnErrorOfTheirOwn(_ number: Int32) throws {
        try sandbox.portctl("start")
        for command in ["port web", "list", "start", "stop", "health"] {
            let outcome = try run(denying: "1", number: number, "portctl \(command)")
            #expect(outcome.status == 1 && outcome.output == "", "\(command)")
            #expect(outcome.errors.contains("a sandbox denies this process Unix sockets: "), "\(outcome.errors)")
            #expect(!outcome.errors.contains("portctl status, and"), "\(outcome.errors)")
        }
        #expect(sandbox.daemonPID != nil)
    }

    @Test func statusKnowsFromTheLockThatADaemonRunsBehindTheDenial() throws {
        try sandbox.portctl("start")
        let running = try run(denying: "1", "portctl status")
        #expect(running.status == 0)
        #expect(running.output == "port-server is running, but a sandbox denies this process the connection\n")
        #expect(try run(denying: "1", "portctl status --json").output.contains(#""running" : true"#))
        let doctor = try run(denying: "1", "portctl doctor")
        #expect(doctor.status == 1 && doctor.output.hasPrefix("✗ daemon: a sandbox denies this process Unix sockets"))
        try sandbox.portctl("stop")
        #expect(try run(denying: "1", "portctl status --json").output.contains(#""running" : false"#))
    }

    /// Its kernel may lack the module udp_diag, too: then /proc/net/udp is read.
    @Test func daemonWithoutNetlinkSeesUDPSockets() throws {
        let started = try run(denying: "16", "portctl start", environment: sandbox.narrowRegistry)
        try #require(started.status == 0, "\(started.errors)")
        let port = sandbox.firstPort
        let program = """
            import signal, socket
            s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM); s.bind(("::1", \(port))); signal.pause()
            """
        let server = try sandbox.start("python3", ["-c", program], outputTo: "\(sandbox.root)/udp")
        defer { server.end() }
        try sandbox.wait(for: "the UDP socket") { try sandbox.portctl("who", "\(port)/udp").status == 0 }
        let who = try sandbox.portctl("who", "\(port)/udp").output
        #expect(who.hasPrefix("python3 (pid \(server.pid)) has UDP port [::1]:\(port)"), "\(who)")
        let granted = try sandbox.portctl("allocate", "--app", "a", "--service", "web")
        #expect(granted.output.contains("allocated port \(port + 1) "), "\(granted.output)")
        // So the filter was there: the listeners cannot be read.
        #expect(try sandbox.portctl("who", "\(port)/tcp").errors.contains("socket netlink"))
    }

    @Test func refusalCommendsTheTCPAddressOfTheSameDaemon() throws {
        let outcome = try sandbox.shell(
            """
            export PORT_SERVER_LISTEN=
            cat >deny.py <<'END'
            \(Self.denying("1", number: EPERM))
            END
            portctl start >/dev/null 2>&1
            python3 deny.py portctl port web 2>&1 || true
            PORT_SERVER_ADDR=127.0.0.1:51234 python3 deny.py portctl port web
            portctl stop >/dev/null
            """,
            ownNetwork: true
        )
        #expect(
            outcome.output.contains("answers at 127.0.0.1:51234: set PORT_SERVER_ADDR=127.0.0.1:51234\n"),
            "\(outcome.output)\(outcome.errors)"
        )
        #expect(outcome.lines.last == "3000", "\(outcome.output)\(outcome.errors)")
    }

    @Test func refusalOfBothKindsSendsOutOfTheSandbox() throws {
        try sandbox.portctl("start")
        let both = try run(denying: "1, 2, 10", "portctl port web")
        #expect(both.status == 1 && both.errors.contains("run it outside the sandbox"), "\(both.errors)")
        let address = try sandbox.httpAddress()
        let tcp = try run(denying: "2", "portctl port web", environment: ["PORT_SERVER_ADDR": address])
        #expect(tcp.errors.contains("a sandbox denies this process a connection to \(address): "), "\(tcp.errors)")
        #expect(tcp.errors.contains("unset PORT_SERVER_ADDR"), "\(tcp.errors)")
        #expect(try run(denying: "2", "portctl port web").status == 0)
    }
}

/// Whether the test's filter fits the machine.
private let canFilterCalls: Bool = {
    #if os(Linux) && (arch(x86_64) || arch(arm64))
        true
    #else
        false
    #endif
}()
