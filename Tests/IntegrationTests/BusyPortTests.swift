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
