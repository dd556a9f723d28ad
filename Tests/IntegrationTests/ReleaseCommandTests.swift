import Foundation
import PortTestSupport
import Testing

/// Releases of what another project may have.
@Suite struct ReleaseCommandTests {
    private let sandbox = try! Sandbox()

    private func allocate(_ service: String, in directory: String? = nil) throws -> String {
        try sandbox.portctl("port", service, in: directory, environment: sandbox.narrowRegistry)
            .output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test(arguments: [
        (["portctl", "release", "PORT"], "Released port: PORT\n"),
        (["portctl", "release", "--app", "shop"], "released 1 allocation\n"),
        (["portctl", "release", "--app", "shop", "--port", "PORT"], "released 1 allocation\n"),
        (["portctl", "release", "--id", "1"], "released allocation 1\n"),
        (["portctl", "release", "PORT", "--json"], "{\n  \"deleted\" : 1\n}\n"),
        (["portctl", "release", "--id", "1", "--json"], "{\n  \"status\" : \"deleted\"\n}\n"),
        (["release-port", "PORT"], "released port PORT\n"),
        (["port-manager", "--release", "PORT"], "Port Manager: Released port PORT.\n"),
    ])
    func releaseSaysWhoseThePortWasUnlessItIsThisProjects(_ words: [String], _ output: String) throws {
        let shop = try sandbox.makeDirectory("shop")
        let port = try allocate("web", in: shop)
        let filled = words.map { $0.replacingOccurrences(of: "PORT", with: port) }
        let outcome = try sandbox.run(filled[0], Array(filled.dropFirst()))
        #expect(outcome.status == 0)
        #expect(outcome.output == output.replacingOccurrences(of: "PORT", with: port))
        #expect(outcome.errors == "port \(port) was that of shop/main/web in \(shop), which is not this project\n")
    }

    @Test func releaseOfAGroupSaysWhoseItWas() throws {
        let shop = try sandbox.makeDirectory("shop")
        func group() throws -> String {
            let words = ["group", "allocate", "1", "--roles", "web", "--json"]
            let outcome = try sandbox.run("portctl", words, in: shop, environment: sandbox.narrowRegistry)
            return String(try #require(outcome.output.firstMatch(of: #/"id" : "([0-9a-f]+)"/#)).1)
        }
        let own = try sandbox.portctl("group", "release", try group(), in: shop)
        #expect(own.status == 0 && own.errors == "")
        let other = try sandbox.portctl("group", "release", try group())
        let port = sandbox.firstPort
        #expect(other.status == 0)
        #expect(other.errors == "port \(port) was that of shop/main/web in \(shop), which is not this project\n")
    }

    @Test func releaseOfOnesOwnSaysNothing() throws {
        let shop = try sandbox.makeDirectory("shop")
        for words in [["PORT"], ["--port", "PORT"], ["--app", "shop"], ["web"], []] {
            let port = try allocate("web", in: shop)
            let filled = words.map { $0.replacingOccurrences(of: "PORT", with: port) }
            let outcome = try sandbox.run("portctl", ["release"] + filled, in: shop)
            #expect(outcome.status == 0 && outcome.errors == "", "\(words)")
        }
    }

    @Test func releaseInAnotherWorktreeIsOfAnotherInstance() throws {
        let shop = try sandbox.makeRepository("shop")
        _ = try sandbox.shell("git worktree add -q --detach ../login", in: shop)
        let login = "\(sandbox.root)/login"
        let port = try allocate("web", in: login)
        let outcome = try sandbox.portctl("release", port, in: shop)
        let owner = "shop/login/web in \(login), which is another instance of this project"
        #expect(outcome.status == 0 && outcome.errors == "port \(port) was that of \(owner)\n")
    }

    /// Both directories are called `api`; the second one is registered as `two-api`.
    @Test func directoriesOfOneNameAreTwoProjects() throws {
        let first = try sandbox.makeDirectory("one/api")
        let second = try sandbox.makeDirectory("two/api")
        let ports = [try allocate("web", in: first), try allocate("db", in: second)]
        let own = try sandbox.portctl("release", ports[1], in: second)
        #expect(own.status == 0 && own.errors == "")
        let other = try sandbox.portctl("release", ports[0], in: second)
        #expect(other.errors == "port \(ports[0]) was that of api/main/web in \(first), which is not this project\n")
    }

    /// Answers at a terminal.
    private func typing(_ answer: String, _ command: String) throws -> Sandbox.Outcome {
        let spawn = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"
        return try sandbox.shell("echo \(answer) | python3 -c '\(spawn)' \(command)")
    }

    @Test func releaseAtATerminalNeedsAYesWhileAnotherProjectsServerListens() throws {
        let shop = try sandbox.makeDirectory("shop")
        let port = try allocate("web", in: shop)
        let server = try sandbox.startServer(on: port, in: shop)
        defer { server.end() }
        let refused = try typing("n", "portctl release \(port)")
        #expect(refused.status == 1 && refused.output.contains("nothing was released"))
        let process = "python3 (pid \(server.pid))"
        let question = "port \(port) is that of shop/main/web in \(shop), and \(process) listens on it: release it?"
        #expect(refused.output.contains("\(question) [y/N]"), "\(refused.output)")
        #expect(try sandbox.portctl("list", "shop").lines.count == 2)
        #expect(try typing("y", "portctl release \(port)").output.contains("Released port: \(port)"))
        // Nobody is asked about a port that nobody listens on, about one's own, with --yes, and without a terminal.
        let idle = try allocate("db", in: shop)
        #expect(try typing("", "portctl release \(idle)").output.contains("Released port: \(idle)"))
    }

    @Test func nothingToReleaseNamesTheFiltersAndWhatWasSearched() throws {
        _ = try allocate("user/other/web")
        let instance = try sandbox.portctl("release", "--service", "web")
        #expect(instance.status == 1)
        let message = "portctl: no allocation of \"user\" in instance \"main\" with service \"web\"\n"
        #expect(instance.errors.hasPrefix(message))
        #expect(instance.errors.contains("only this instance was searched; portctl list shows every instance"))
        let port = try sandbox.portctl("release", "--app", "shop", "--port", "6100")
        #expect(port.errors.hasPrefix("portctl: no allocation of \"shop\" on port 6100\n"))
        #expect(try sandbox.portctl("list", "--all").lines.count == 2)
    }

    @Test func emptyListNamesEveryFilter() throws {
        _ = try allocate("shop/main/web")
        func note(_ arguments: String...) throws -> String { try sandbox.run("portctl", ["list"] + arguments).errors }
        #expect(
            try note("--app", "shop", "--service", "nope")
                == "no allocations of \"shop\" with service \"nope\"; "
                + "portctl list --all --service nope looks in every application\n"
        )
        #expect(try note("--service", "zz").hasPrefix("no allocations of \"user\" with service \"zz\"; "))
        #expect(try note("shop", "--instance", "i").hasPrefix("no allocations of \"shop\" in instance \"i\"; "))
        #expect(
            try note("--all", "--service", "zz")
                == "no allocations with service \"zz\"; portctl list --all lists everything\n"
        )
        #expect(try note() == "no allocations of \"user\"; portctl list --all lists every application's\n")
    }

    @Test func checkSaysThatNobodyListensOnABoundPort() throws {
        try sandbox.portctl("start")
        // A connection of another test may have had the port a minute ago.
        let socket = "s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)"
        let bind = "import socket, subprocess, sys; \(socket); s.bind(('127.0.0.1', int(sys.argv[1]))); "
        let run = "sys.exit(subprocess.call(['portctl', 'check', sys.argv[1]]))"
        let outcome = try sandbox.run("python3", "-c", bind + run, "\(sandbox.firstPort)")
        #expect(outcome.status == 1 && outcome.output == "port \(sandbox.firstPort) is in use on system\n")
        #expect(outcome.errors.hasSuffix(" has a socket bound to it, and does not listen\n"))
    }

    @Test func checkNamesTheListenerBesideItsResult() throws {
        let shop = try sandbox.makeRepository("shop")
        let port = try allocate("web", in: shop)
        let server = try sandbox.startServer(on: port, in: shop)
        defer { server.end() }
        let check = try sandbox.portctl("check", "--port", port)
        #expect(check.status == 1 && check.output == "port \(port) is allocated to shop/main/web (id=1)\n")
        #expect(
            check.errors
                == "  python3 (pid \(server.pid)) in \(shop) (project shop/main) listens on it: portctl who \(port)\n"
        )
        let json = try sandbox.portctl("check", "--port", port, "--json")
        #expect(json.status == 1 && json.errors == "" && json.output.contains("\"in_use\" : true"))
        #expect(json.output.contains("\"pid\" : \(server.pid)"))
    }
}
