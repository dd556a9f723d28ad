import Foundation
import PortTestSupport
import Testing

/// `who`, `ps` and `why`.
@Suite struct ListenerCommandTests {
    private let sandbox = try! Sandbox()

    @Test func whoPrintsTheProcessItsDirectoryProjectAndAllocation() throws {
        let shop = try sandbox.makeRepository("shop")
        try sandbox.portctl("start", environment: sandbox.narrowRegistry)
        let port = try sandbox.portctl("port", "web", in: shop).lines[0]
        let nobody = try sandbox.portctl("who", port)
        #expect(nobody.status == 1 && nobody.output == "nobody listens on port \(port)\n")
        let server = try sandbox.startServer(on: port, in: shop)
        defer { server.end() }
        let who = try sandbox.portctl("who", port)
        try #require(who.lines.count == 4, "\(who.output)")
        let first = "python3 (pid \(server.pid)) listens on 127.0.0.1:\(port) in \(shop), project shop/main"
        #expect(who.lines[0] == first)
        #expect(who.lines[1].hasPrefix("  command: "))
        #expect(who.lines[1].hasSuffix("python3 -m http.server \(port) --bind 127.0.0.1"))
        #expect(who.lines[2].hasPrefix("  parent: ") && who.lines[2].hasSuffix(" (pid \(getpid()))"))
        #expect(who.lines[3] == "  allocated to shop/main/web (id=1)")
        #expect(try sandbox.portctl("who", port, "--json").output.contains("\"pid\" : \(server.pid)"))
        let line = try sandbox.portctl("ps").lines.first { $0.hasPrefix(port) }
        let columns = line?.split(separator: " ").prefix(7).map(String.init)
        #expect(columns == [port, "127.0.0.1", "\(server.pid)", "python3", "shop/main", "shop/main/web", "active"])
        #expect(line?.contains("  active     \(shop)  ") == true)
        #expect(line?.hasSuffix("python3 -m http.server \(port) --bind 127.0.0.1") == true)
        #expect(try sandbox.portctl("ps", "--json").status == 0)
    }

    @Test func listenerOutsideOfRepositoriesIsShownWithItsDirectoryAndNoProject() throws {
        let directory = try sandbox.makeDirectory("plain")
        try sandbox.portctl("start", environment: sandbox.narrowRegistry)
        let server = try sandbox.startServer(on: "\(sandbox.firstPort)", in: directory)
        defer { server.end() }
        func columns() throws -> [String]? {
            try sandbox.portctl("ps").lines.first { $0.hasPrefix("\(sandbox.firstPort) ") }?
                .split(separator: " ").map(String.init)
        }
        #expect(try columns()?[4...7] == ["-", "-", "unclaimed", directory])
        let who = try sandbox.portctl("who", "\(sandbox.firstPort)", "--json").output
        #expect(!who.contains("\"project\"") && who.contains("\"folder\" : \"\(directory)\""))
        try sandbox.portctl("port", "web", in: directory)
        #expect(try columns()?[4] == "plain/main")
    }

    #if os(Linux)
        @Test func processThatForwardsForAContainerIsReported() throws {
            let port = "\(sandbox.firstPort)"
            try sandbox.portctl("start")
            // PR_SET_NAME of prctl(2).
            let program = """
                import ctypes, signal, socket
                ctypes.CDLL(None).prctl(15, b"docker-proxy")
                s = socket.create_server(("127.0.0.1", \(port))); signal.pause()
                """
            let proxy = try sandbox.start("python3", ["-c", program], outputTo: "\(sandbox.root)/proxy")
            defer { proxy.end() }
            try sandbox.wait(for: "the proxy") { try sandbox.portctl("who", port).status == 0 }
            let remedy = "docker ps --filter publish=\(port) shows the container to stop"
            #expect(try sandbox.portctl("who", port).lines.contains("  it forwards for others: \(remedy)"))
            let refused = try sandbox.portctl("kill", port, "--yes", "--force")
            #expect(refused.status == 1 && refused.errors.hasSuffix("\n  \(remedy)\n") && proxy.isRunning)
        }
    #endif

    @Test func anotherProcessOnAnAllocatedPortIsAConflict() throws {
        let shop = try sandbox.makeRepository("shop")
        try sandbox.portctl("start", environment: sandbox.narrowRegistry)
        let port = try sandbox.portctl("port", "web", in: shop).lines[0]
        let server = try sandbox.startServer(on: port)
        defer { server.end() }
        #expect(try sandbox.portctl("who", port).output.contains("shop/main/web (id=1): foreign, "))
        #expect(try sandbox.portctl("ps").output.contains("shop/main/web  conflict"))
        let check = try sandbox.portctl("check", "--port", port)
        #expect(check.status == 1 && check.output == "port \(port) is allocated to shop/main/web (id=1)\n")
        #expect(check.errors.hasPrefix("  python3 (pid \(server.pid)) in \(sandbox.root)/user"))
        #expect(check.errors.hasSuffix(" listens on it, but does not belong to shop/main/web: portctl who \(port)\n"))
    }

    @Test(.enabled(if: geteuid() == 0, "becoming another user needs root"))
    func listenerOfAnotherUserIsUnknownAndNotAConflict() throws {
        let root = try sandbox.startServer(on: "\(sandbox.firstPort)")
        defer { root.end() }
        let outcome = try sandbox.shell(
            """
            chmod 711 \(sandbox.root); mkdir -m 777 \(sandbox.root)/other
            cd \(sandbox.root)/other
            other() { setpriv --reuid 65534 --regid 65534 --clear-groups env PORT_SERVER_HOME=$PWD/h HOME=$PWD "$@"; }
            other portctl allocate --service web --port \(sandbox.firstPort) --adopt 2>/dev/null
            other portctl who \(sandbox.firstPort)
            other portctl list --wide | grep -c 'active '
            other portctl stop >/dev/null
            """
        )
        #expect(
            outcome.output.contains(
                "a process of user id 0 listens on 127.0.0.1:\(sandbox.firstPort); which one is unknown"
            )
        )
        #expect(outcome.lines.last == "1", "\(outcome.output)\(outcome.errors)")
    }

    @Test func whyPrintsTheHistoryOfAPort() throws {
        let port = "\(sandbox.firstPort)"
        try sandbox.portctl("allocate", "--app", "a", "--service", "s", "--port", port)
        try sandbox.portctl("allocate", "--app", "b", "--service", "s", "--port", port)
        try sandbox.portctl("release", port)
        let why = try sandbox.portctl("why", port)
        #expect(why.status == 0 && why.lines.count == 4)
        #expect(why.lines[0].hasPrefix("WHEN"))
        #expect(why.lines[1].contains("released   a/main/s"))
        #expect(why.lines[2].contains("refused    b/main/s") && why.lines[2].hasSuffix("port already allocated"))
        #expect(why.lines[3].contains("allocated  a/main/s"))
        let none = try sandbox.portctl("why", "1")
        #expect(none.status == 0 && none.output == "" && none.errors == "no journal entries for port 1\n")
    }

    @Test(arguments: [["who"], ["who", "0"], ["who", "x"], ["who", "65536"], ["why"], ["why", "-1"], ["ps", "x"]])
    func badInputIsRefused(_ words: [String]) throws {
        let outcome = try sandbox.run("portctl", words)
        #expect(outcome.status == 1 && outcome.output == "" && !outcome.errors.isEmpty)
    }
}
