import Foundation
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

    @Test func everyCommandGetsAPortWhereTheEphemeralRangeCoversThePools() throws {
        let outcome = try sandbox.shell(
            """
            echo "1024 65535" > /proc/sys/net/ipv4/ip_local_port_range
            portctl port web
            portctl run server --quiet -- sh -c 'echo $PORT'
            get-port app
            portctl alloc lease
            portctl allocate --service api
            portctl group allocate 2 --contiguous
            port-manager --allocate --range 43000-43999 --json | tr -d '\\n'; echo
            port-manager 43000
            portctl doctor | grep -A1 "pool registry"
            portctl stop
            """,
            ownNetwork: true
        )
        let lines = outcome.lines
        #expect(lines.prefix(4) == ["3000", "8000", "3100", "Allocated port: 8001"], "\(outcome.errors)")
        #expect(lines[4].hasPrefix("allocated port 3001"))
        #expect(lines[6] == "  port: 3002" && lines[7] == "  port: 3003")
        let range = "the kernel's ephemeral range 1024-65535: an outgoing connection may take"
        #expect(lines[8].contains("port 43000 lies in \(range) it; range 43000-43999 has no better port"))
        #expect(lines[9] == "Port Manager: Allocated port 43001.")
        #expect(lines[10].hasPrefix("! pool registry: 3000-65535: 62"))
        #expect(lines[11].hasPrefix("    → narrow the ephemeral range (net.ipv4.ip_local_port_range on Linux)"))
        let warned = outcome.errors.split(separator: "\n").filter { $0.contains("warning: port") && $0.contains(range) }
        #expect(warned.count == 7, "\(outcome.errors)")
    }

    @Test func reservedPortsAreGivenBeforeEphemeralOnes() throws {
        let outcome = try sandbox.shell(
            """
            echo "1024 65535" > /proc/sys/net/ipv4/ip_local_port_range
            echo "3500-3501" > /proc/sys/net/ipv4/ip_local_reserved_ports
            for service in one two three; do portctl port $service; done
            portctl stop
            """,
            ownNetwork: true
        )
        #expect(outcome.lines.prefix(3) == ["3500", "3501", "3000"], "\(outcome.errors)")
        #expect(outcome.errors.contains("warning: port 3500 is in the kernel's list of reserved ports; range 3000-"))
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

    /// A client that has bound its end itself keeps servers off the port, unless it has set SO_REUSEADDR.
    @Test(arguments: ["AF_INET 127.0.0.1", "AF_INET6 ::1"], [false, true])
    func portOfAConnectionIsNotGranted(_ how: String, reuse: Bool) throws {
        let outcome = try sandbox.shell(
            """
            portctl start
            python3 -c '
            import os, socket, subprocess, sys
            family, address, reuse = getattr(socket, sys.argv[1]), sys.argv[2], sys.argv[3] == "true"
            def portctl(*words):
                done = subprocess.run(["portctl", *words], capture_output=True, text=True)
                print(words[0], done.returncode, done.stdout + done.stderr, flush=True)
            listener = socket.socket(family)
            listener.bind((address, 9999)); listener.listen()
            client = socket.socket(family)
            if reuse: client.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            client.bind((address, 3000)); client.connect((address, 9999))
            def look():
                for words in (("check", "--port", "3000"), ("who", "3000")): portctl(*words)
                portctl("port", "web" + str(len(seen))); seen.append(1)
                server = socket.socket(family); server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    server.bind((address, 3000)); server.listen(); print("bound", flush=True)
                except OSError as error: print(error.strerror, flush=True)
                server.close()
            seen = []
            look()
            connection = listener.accept()[0]; connection.close()
            look()
            ' \(how) \(reuse)
            portctl stop >/dev/null
            """,
            ownNetwork: true
        )
        let text = outcome.output
        func count(_ part: String) -> Int { text.components(separatedBy: part).count - 1 }
        if reuse {
            #expect(count("bound\n") == 2 && count("check 0 ") == 1 && text.contains("port 0 3000\n"), "\(text)")
        } else {
            #expect(count("Address already in use\n") == 2 && count("check 1 ") == 2, "\(text)")
            #expect(text.contains("port 0 3001\n") && text.contains("port 0 3002\n"))
            // Named by check and by who, while connected and after the other end has closed.
            #expect(count("has it as its end of a connection to ") == 4 && count("python3 (pid ") == 4)
        }
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
