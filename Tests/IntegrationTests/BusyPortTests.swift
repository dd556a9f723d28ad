import Testing

/// A port that a real server holds is not granted, neither by automatic choice nor by number.
@Suite struct BusyPortTests {
    private let sandbox = try! Sandbox()

    @Test func automaticChoiceAvoidsTheKernelsRanges() throws {
        let outcome = try sandbox.shell(
            """
            echo "3000 3999" > /proc/sys/net/ipv4/ip_local_port_range
            echo "4000-4001,4003" > /proc/sys/net/ipv4/ip_local_reserved_ports
            portctl port one
            portctl port two
            portctl port three --port 3500
            portctl stop
            """,
            ownNetwork: true
        )
        #expect(outcome.lines.prefix(3) == ["4002", "4004", "3500"])
        #expect(outcome.errors.contains("warning: port 3500 lies in the kernel's ephemeral range 3000-3999"))
    }

    @Test func withoutIPv6AServersPortIsStillNotGranted() throws {
        let outcome = try sandbox.shell(
            """
            echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6
            export PORT_SERVER_POOLS_REGISTRY=4000-4001
            portctl run server --port 4000 -- python3 -c '
            import socket, subprocess
            s = socket.create_server(("127.0.0.1", 4000))
            print(subprocess.run(["portctl", "check", "--port", "4000"], capture_output=True).returncode, flush=True)
            subprocess.run(["portctl", "port", "one"])'
            portctl stop
            """,
            ownNetwork: true
        )
        #expect(outcome.lines.prefix(2) == ["1", "4001"], "\(outcome.errors)")
    }

    @Test(arguments: [
        "AF_INET6 ::1 listen", "AF_INET 127.0.0.1 listen", "AF_INET 127.9.8.7 listen", "AF_INET 0.0.0.0 listen",
        "AF_INET6 :: listen", "AF_INET 127.0.0.1 bind", "AF_INET6 ::1 bind",
    ])
    func portHeldByAServerIsNotGranted(_ how: String) throws {
        let outcome = try sandbox.shell(
            """
            python3 -c '
            import socket, subprocess, sys
            family, address, how = sys.argv[1:]
            s = socket.socket(getattr(socket, family)); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            s.bind((address, 0))
            if how == "listen": s.listen()
            port = str(s.getsockname()[1])
            def portctl(*words): return subprocess.run(["portctl", *words]).returncode
            import os
            os.environ["PORT_SERVER_POOLS_REGISTRY"] = port
            print("by number", portctl("allocate", "--service", "x", "--port", port), flush=True)
            print("by choice", portctl("port", "x"), flush=True)
            print("check", portctl("check", "--port", port), flush=True)
            print("adopted", portctl("allocate", "--service", "x", "--port", port, "--adopt"), flush=True)
            ' \(how)
            """
        )
        #expect(outcome.output.contains("by number 1\n"))
        #expect(outcome.output.contains("by choice 1\n"))
        #expect(outcome.output.contains("is in use on system\ncheck 1\n"))
        #expect(outcome.output.contains("adopted 0\n"))
        #expect(outcome.errors.contains("port in use on system"))
        #expect(outcome.errors.contains("is full"))
    }
}
