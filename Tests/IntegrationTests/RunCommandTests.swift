import Foundation
import PortAPI
import PortClient
import PortSystem
import PortTestSupport
import Testing

/// `run`, `lookup`, `alloc`, `loop` and the commands of get-port, as a script uses them. Tests/TransparencyTests checks
/// what a command under `run` inherits.
@Suite struct RunCommandTests {
    private let sandbox = try! Sandbox()

    /// Starts a server under `run`, and returns once its port is allocated.
    private func serve(_ service: String, in directory: String? = nil) throws -> ChildProcess {
        let server = try sandbox.start(
            "portctl",
            ["run", service, "--", "python3", "-m", "http.server", "{port}", "--bind", "127.0.0.1"],
            in: directory,
            outputTo: "\(sandbox.root)/server\(UUID().uuidString)"
        )
        try sandbox.wait(for: "the server's port") {
            try sandbox.portctl("list", "--all", "--wide").output.contains("\(server.pid)")
        }
        return server
    }

    @Test func lookupFindsTheServiceOfTheWorktreeAndElsewhereNamesBoth() throws {
        let shop = try sandbox.makeRepository("shop")
        _ = try sandbox.shell("git worktree add -q --detach ../login", in: shop)
        let login = "\(sandbox.root)/login"
        let servers = [try serve("web", in: shop), try serve("web", in: login)]
        defer { for server in servers { server.end() } }
        let ports = try [shop, login].map { try sandbox.portctl("lookup", "web", in: $0).lines[0] }
        #expect(Set(ports).count == 2)
        let third = try sandbox.portctl("lookup", "web")
        #expect(third.status == 1 && third.output == "")
        #expect(third.errors.contains("\"web\" could be several services"))
        #expect(third.errors.contains("shop/main/web has port \(ports[0])"))
        #expect(third.errors.contains("shop/login/web has port \(ports[1])"))
        #expect(try sandbox.portctl("lookup", "shop/login/web").lines == [ports[1]])
        servers[0].end()
        try sandbox.wait(for: "the port's end") { try sandbox.portctl("lookup", "web", in: shop).lines != [ports[0]] }
        // Only one service of the name is left, so the name is unambiguous everywhere.
        #expect(try sandbox.portctl("lookup", "web").lines == [ports[1]])
    }

    @Test func lookupPrintsOnlyTheNumberAndFailsForAnUnknownName() throws {
        for _ in 0..<2 { _ = try sandbox.portctl("alloc", "api") }
        let (first, second) = (sandbox.firstLease, sandbox.firstLease + 1)
        #expect(try sandbox.portctl("lookup", "api").output == "\(first)\n")
        #expect(try sandbox.portctl("lookup", "api", "--all").output == "\(first)\n\(second)\n")
        let json = try sandbox.portctl("lookup", "api", "--json").output
        #expect(json.contains("\"all_ports\" : [\n    \(first),\n    \(second)\n  ]"))
        let unknown = try sandbox.portctl("lookup", "nothing")
        #expect(unknown.status == 1 && unknown.output == "")
        #expect(unknown.errors.contains("no service \"nothing\" is known"))
    }

    @Test func conflictMovesTheServiceAndNamesTheOtherProcess() throws {
        let directory = try sandbox.makeDirectory("shop")
        try sandbox.portctl("start", environment: sandbox.narrowRegistry)
        let port = try sandbox.portctl("port", "web", in: directory).lines[0]
        let foreign = try sandbox.startServer(on: port)
        defer { foreign.end() }
        for command in [["port", "web"], ["run", "web", "--", "true"]] {
            let strict = try sandbox.run("portctl", [command[0], "--strict"] + command.dropFirst(), in: directory)
            #expect(strict.status == 1)
            #expect(
                strict.errors.contains(
                    "port \(port), which shop/main/web has, is taken by python3 (pid \(foreign.pid))"
                )
            )
        }
        let lookup = try sandbox.portctl("lookup", "web", in: directory)
        #expect(lookup.status == 3 && lookup.output == "" && lookup.errors.contains("python3 (pid \(foreign.pid))"))
        #expect(try sandbox.portctl("lookup", "web", "--claim", in: directory).lines == [port])
        let moved = try sandbox.portctl("run", "web", "--", "printenv", "PORT", in: directory)
        #expect(moved.status == 0 && moved.lines != [port])
        #expect(moved.errors.contains("is taken by python3 (pid \(foreign.pid)): moved to \(moved.lines[0])"))
        // The same for a port that get-port remembers.
        let project = try sandbox.run("get-port", "app").lines[0]
        _ = try sandbox.run("release-port", "app")
        let other = try sandbox.startServer(on: project)
        defer { other.end() }
        let again = try sandbox.run("get-port", "app")
        #expect(again.lines != [project] && again.errors.contains("in use on system: moved to \(again.lines[0])"))
        _ = try sandbox.run("release-port", "app")
        #expect(try sandbox.run("get-port", "app", "--strict").status == 0)
    }

    @Test func allocationLingersWhileAnotherServerListensOnItsPort() throws {
        let directory = try sandbox.makeDirectory("shop")
        try sandbox.portctl("start", environment: sandbox.narrowRegistry)
        let port = try sandbox.portctl("alloc", "web", "--ttl", "1", in: directory).output.split(separator: " ").last!
            .trimmingCharacters(in: .newlines)
        let server = try sandbox.startServer(on: port)
        defer { server.end() }
        try sandbox.wait(for: "the lease's end") {
            try sandbox.portctl("list", "--wide", in: directory).output.contains("lingering")
        }
        #expect(try sandbox.portctl("alloc", "other", in: directory).output != "Allocated port: \(port)\n")
        #expect(try sandbox.portctl("lookup", "web", "--claim", in: directory).lines == [port])
        server.end()
        try sandbox.wait(for: "the listener's end") { try sandbox.portctl("lookup", "web", in: directory).status == 1 }
    }

    @Test func leaseGoesOnAsLongAsItsServerRuns() throws {
        let directory = try sandbox.makeDirectory("shop")
        let port = try sandbox.portctl("alloc", "web", "--ttl", "1", in: directory).output.split(separator: " ").last!
            .trimmingCharacters(in: .newlines)
        let server = try sandbox.startServer(on: port, in: directory)
        defer { server.end() }
        try sandbox.wait(for: "the lease's end") {
            try sandbox.portctl("list", "--wide", in: directory).lines.last?.contains("process  \(server.pid)") ?? false
        }
        #expect(try sandbox.portctl("lookup", "web", in: directory).lines == [port])
        server.end()
        try sandbox.wait(for: "the server's end") { try sandbox.portctl("lookup", "web", in: directory).status == 1 }
    }

    @Test func loopRenewsItsLeaseAndItsEndReleasesIt() throws {
        try sandbox.portctl("start")
        let loop = try sandbox.start("portctl", ["loop", "web", "--ttl", "60"], outputTo: "\(sandbox.root)/loop")
        let client = PortClient(address: .home(sandbox.home))
        func lease() -> AllocationBody? {
            try? client.services.lookUp("web", in: ServiceQuery()).allocations[0]
        }
        try sandbox.wait(for: "the lease") { lease() != nil }
        let before = try #require(lease()?.lastSeen)
        // The first heartbeat comes after five seconds.
        try sandbox.wait(for: "a heartbeat") { lease()?.lastSeen != before }
        #expect(try sandbox.portctl("list", "--wide").output.contains("\(loop.pid)"))
        // A stopped daemon does not end the loop, and is not started again; a released lease ends the loop.
        #expect(try sandbox.portctl("stop").status == 0)
        #expect(loop.isRunning && sandbox.daemonPID == nil)
        try sandbox.portctl("start")
        #expect(try sandbox.portctl("release", "web").status == 0)
        #expect(loop.wait() == 1 && sandbox.daemonPID != nil)
        let again = try sandbox.start("portctl", ["loop", "web"], outputTo: "\(sandbox.root)/again")
        try sandbox.wait(for: "the lease") { lease() != nil }
        again.end()
        try sandbox.wait(for: "the lease's end") { lease() == nil }
    }

    @Test func fullRangeIsNamedAndExitsWithOne() throws {
        let (leases, project) = ("\(sandbox.firstLease)-\(sandbox.firstLease + 1)", "\(sandbox.firstProject)")
        let narrow = ["PORT_SERVER_POOLS_LEASES": leases, "PORT_SERVER_POOLS_PROJECTS": project]
        try sandbox.portctl("start", environment: narrow)
        for _ in 0..<2 { #expect(try sandbox.portctl("alloc", "web").status == 0) }
        for words in [["alloc", "web"], ["run", "api", "--", "true"]] {
            let full = try sandbox.run("portctl", words)
            #expect(full.status == 1 && full.errors.contains("range \(leases) is full"))
        }
        #expect(try sandbox.run("get-port", "a").lines == [project])
        let full = try sandbox.run("get-port", "b")
        #expect(full.status == 1 && full.output == "" && full.errors.hasPrefix("get-port: range \(project) is full"))
    }

    @Test func runSetsEveryVariableAndFillsEveryPlaceholder() throws {
        let port = sandbox.firstLease
        let outcome = try sandbox.portctl(
            "run",
            "db",
            "--env-name",
            "DB_PORT",
            "--env-name",
            "PGPORT",
            "--",
            "sh",
            "-c",
            "echo $DB_PORT $PGPORT $0 $1 ${PORT} ${PORT:-unset} $PORTAL",
            "{port}",
            "x$PORT"
        )
        #expect(outcome.output == "\(port) \(port) \(port) x\(port) \(port) unset\n", "\(outcome.errors)")
        let errors = outcome.errors
        #expect(errors.contains("Allocated port \(port) for service 'db'\nRunning: sh [\"-c\", "))
        #expect(errors.hasSuffix(" with DB_PORT=\(port) PGPORT=\(port)\n"))
        #expect(try sandbox.portctl("run", "db", "--quiet", "--", "true").errors == "")
    }

    @Test(arguments: [
        ["run", "web", "npm", "start"], ["run", "web"], ["run", "--"], ["run", "web", "--"], ["run", "web", "--", ""],
        ["run", "web", "--env-name", "1X", "--", "true"], ["run", "web", "--env-name", "A=B", "--", "true"],
        ["run", "a\nb", "--", "true"], ["run", "web", "--ttl", "0", "--", "true"],
        ["run", "web", "--ttl", "-1", "--", "true"], ["run", "web", "--ttl", "31557600000000", "--", "true"],
        ["run", "web", "--port", "65536", "--", "true"], ["alloc"], ["alloc", "a\nb"], ["alloc", "web", "--ttl", "0"],
        ["alloc", "web", "--ttl", "-5"], ["alloc", "web", "--ttl", "31557600000000"],
        ["alloc", "web", "--tag", "a\nb"],
        ["lookup"], ["lookup", ""], ["lookup", "a\nb"], ["loop", "web", "--ttl", "0"], ["release", "70000x/"],
        ["release", "8000", "--service", "x"],
    ])
    func badInputIsAnErrorAndChangesNothing(_ arguments: [String]) throws {
        try sandbox.portctl("start")
        let outcome = try sandbox.run("portctl", arguments)
        #expect(outcome.status == 1 && outcome.output == "" && !outcome.errors.isEmpty)
        #expect(try sandbox.portctl("list", "--all").output == "")
    }

    @Test(arguments: [
        ["get-port", "a\nb"], ["get-port", ""], ["get-port", "a", "0"], ["get-port", "a", "x"],
        ["get-port", "a", "65536"], ["get-port", "a", "--pid", "0"], ["get-port", "a", "--pid", "1"],
        ["get-port", "a", "--pid", "-4"], ["get-port", "a", "--pid", "2147483647"], ["get-port", "a", "--pid", "x"],
        ["get-port", "a", "--nonsense"], ["release-port", "a"], ["release-port", "3100"], ["release-port", "a\nb"],
        ["list-ports", "extra"],
    ])
    func getPortCommandsReportBadInputUnderTheirOwnName(_ words: [String]) throws {
        try sandbox.portctl("start")
        let outcome = try sandbox.run(words[0], Array(words.dropFirst()))
        #expect(outcome.status == 1 && outcome.output == "")
        #expect(outcome.errors.hasPrefix("\(words[0]): ") || outcome.errors.hasPrefix("Error: "))
        #expect(try sandbox.portctl("list", "--all").output == "")
    }

    @Test func timeToLiveOfARunIsShownAndDoesNotEndIt() throws {
        try sandbox.portctl("start")
        let arguments = ["run", "web", "--ttl", "1", "--", "sleep", "1000"]
        let command = try sandbox.start("portctl", arguments, outputTo: "\(sandbox.root)/run")
        defer { command.end() }
        try sandbox.wait(for: "the lease") { try sandbox.portctl("lookup", "web").status == 0 }
        let client = PortClient(address: .home(sandbox.home))
        let lease = try client.allocations.list(AllocationQuery(wide: true))[0]
        let hold = try #require(lease.holds?.first)
        #expect(lease.holds?.count == 1 && hold.kind == "process" && hold.ttlSeconds == 1 && hold.secondsLeft == nil)
    }

    @Test func strictPreferredPortOfGetPortIsThatOneOrAnError() throws {
        let (first, second) = ("\(sandbox.firstProject)", "\(sandbox.firstProject + 1)")
        #expect(try sandbox.run("get-port", "other", first, "--strict").lines == [first])
        let taken = try sandbox.run("get-port", "app", first, "--strict")
        #expect(taken.status == 1 && taken.output == "" && taken.errors.contains("port already allocated: \(first)"))
        #expect(try sandbox.run("get-port", "app", first).lines == [second])
        #expect(try sandbox.run("get-port", "app", first, "--strict").status == 1)
        #expect(try sandbox.run("get-port", "app", second, "--strict").lines == [second])
    }

    @Test func commandThatCannotBeExecutedExitsWith127Or126AndTakesNoPort() throws {
        try sandbox.portctl("start")
        let plain = "\(sandbox.root)/user/plain"
        try Data("#!/nowhere/interpreter\n".utf8).write(to: URL(filePath: plain))
        #expect(try sandbox.portctl("run", "web", "--", "no-such-command").status == 127)
        #expect(try sandbox.portctl("run", "web", "--", "/no/such").status == 127)
        #expect(try sandbox.portctl("run", "web", "--", plain).status == 126)
        #expect(try sandbox.portctl("run", "web", "--", sandbox.root).status == 126)
        chmod(plain, 0o755)
        let outcome = try sandbox.portctl("run", "web", "--", plain)
        #expect(outcome.status == 127)
        #expect(outcome.errors == "portctl: \(plain): its interpreter /nowhere/interpreter does not exist\n")
        #expect(try sandbox.portctl("list", "--all").output == "")
    }

    @Test func getPortWithoutANameUsesTheProjectAndTheWorktree() throws {
        let shop = try sandbox.makeRepository("shop")
        _ = try sandbox.shell("git worktree add -q --detach ../login", in: shop)
        let ports = try [shop, "\(sandbox.root)/login"].map { try sandbox.run("get-port", in: $0).lines[0] }
        #expect(Set(ports).count == 2)
        #expect(try sandbox.run("get-port", in: "\(shop)").lines == [ports[0]])
        #expect(try sandbox.run("list-ports").output.contains("\(ports[1]) | shop/login/default | "))
        #expect(try sandbox.run("release-port", in: shop).output == "released 1 port(s) for project shop\n")
    }

    @Test func releasePrintsEachReleasedPort() throws {
        for name in ["api", "api", "db"] { _ = try sandbox.portctl("alloc", name) }
        let directory = try sandbox.makeDirectory("elsewhere")
        let first = sandbox.firstLease
        #expect(try sandbox.portctl("release", "\(first + 2)", in: directory).output == "Released port: \(first + 2)\n")
        let both = try sandbox.portctl("release", "api", in: directory).output
        #expect(both == "Released port: \(first)\nReleased port: \(first + 1)\n")
        #expect(try sandbox.portctl("release", "api").status == 1)
        #expect(try sandbox.portctl("release", "\(first)").status == 1)
    }
}
