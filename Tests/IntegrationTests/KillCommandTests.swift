import Foundation
import PortTestSupport
import Testing

/// Promise 11 with real processes: a kill hits only the verified listener.
@Suite struct KillCommandTests {
    private let sandbox = try! Sandbox()

    /// A Python program that listens on the sandbox's first port and prints when it does.
    private func serve(_ program: String, in directory: String? = nil) throws -> ChildProcess {
        let source = """
            import os, signal, socket, sys
            server = socket.create_server(("127.0.0.1", \(sandbox.firstPort)))
            \(program)
            """
        let name = "\(sandbox.root)/\(UUID().uuidString)"
        let child = try sandbox.start("python3", ["-c", source], in: directory, outputTo: name)
        try sandbox.wait(for: "the server") {
            try String(contentsOfFile: "\(name).out", encoding: .utf8).contains("ready")
        }
        return child
    }

    private var port: String { "\(sandbox.firstPort)" }
    private static let waiting = #"print("ready", flush=True); signal.pause()"#

    @Test func killEndsTheListenerAndSparesItsClients() throws {
        // The client is a process of its own, as a browser is.
        let server = try serve(#"print("ready", flush=True); connection = server.accept(); signal.pause()"#)
        let client = try sandbox.start(
            "python3",
            ["-c", "import signal, socket; s = socket.create_connection(('127.0.0.1', \(port))); signal.pause()"],
            outputTo: "\(sandbox.root)/client"
        )
        defer { client.end() }
        try sandbox.wait(for: "the connection") {
            try sandbox.shell("ss -Htn state established sport = :\(port) | grep -c .; true").output != "0\n"
        }
        let killed = try sandbox.portctl("kill", port)
        #expect(killed.status == 0, "\(killed.errors)")
        #expect(killed.output == "killed python3 (pid \(server.pid)): port \(port) is closed (SIGTERM)\n")
        #expect(server.wait() == -SIGTERM)
        #expect(client.isRunning)
        #expect(try sandbox.portctl("why", port).output.contains("python3 (pid \(server.pid)) by SIGTERM"))
        let again = try sandbox.portctl("kill", port)
        #expect(again.status == 1 && again.errors.contains("nobody listens on port \(port)"))
    }

    @Test func processThatIgnoresSIGTERMSurvivesWithoutForce() throws {
        let server = try serve("signal.signal(signal.SIGTERM, signal.SIG_IGN); " + Self.waiting)
        let refused = try sandbox.portctl("kill", port)
        #expect(refused.status == 1)
        #expect(refused.errors.contains("still listened on by python3 (pid \(server.pid))"))
        #expect(server.isRunning)
        let forced = try sandbox.portctl("kill", port, "--force", "--json")
        #expect(forced.status == 0 && forced.output.contains("\"signal\" : \"SIGKILL\""))
        #expect(server.wait() == -SIGKILL)
    }

    @Test func endingOneOfTwoListenersIsNotASuccess() throws {
        let server = try serve(
            "child = os.fork(); " + #"print("ready", child, flush=True) if child else None; signal.pause()"#
        )
        let refused = try sandbox.portctl("kill", port)
        #expect(refused.status == 1 && refused.errors.contains("is still listened on by python3"))
        // The parent was ended. Its child, which inherited the socket, is named, and is the only listener now.
        #expect(server.wait() == -SIGTERM)
        #expect(try sandbox.portctl("kill", port).status == 0)
    }

    @Test func listenerWithAnInheritedSocketInItsOwnSessionIsFound() throws {
        let server = try serve(
            "child = os.fork()\nif child: print('ready', child, flush=True); os._exit(0)\nos.setsid(); signal.pause()"
        )
        server.wait()
        #expect(try sandbox.portctl("kill", port).status == 0)
    }

    @Test func killWithoutATerminalSparesProcessesOfOtherProjects() throws {
        let elsewhere = try sandbox.makeDirectory("elsewhere")
        let server = try serve(Self.waiting, in: elsewhere)
        defer { server.end() }
        let refused = try sandbox.portctl("kill", port)
        #expect(refused.status == 1)
        let process = "python3 (pid \(server.pid)) in \(elsewhere)"
        #expect(refused.errors.contains("\(process) does not belong to this project\n  --yes"))
        #expect(server.isRunning)
        #expect(try sandbox.portctl("kill", port, "--yes").status == 0)
    }

    #if os(Linux)
        @Test func killKnowsItsOwnServerInADirectoryWhoseNameIsNotUTF8() throws {
            let outcome = try sandbox.shell(
                #"""
                mkdir "$(printf '\344rger')"; cd ?rger
                mkfifo ready
                python3 -uc '
                import signal, socket, sys
                server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
                print("ready"); signal.pause()' \#(port) >ready &
                read line <ready
                portctl kill \#(port) | cut -d: -f2; kill $! 2>&-; cd ..; rm -r ?rger
                """#,
                in: sandbox.root
            )
            #expect(outcome.output == " port \(port) is closed (SIGTERM)\n", "\(outcome)")
        }
    #endif

    @Test func killInAWorktreeWithABrokenLinkSparesTheMainCheckoutsServer() throws {
        let shop = try sandbox.makeRepository("shop")
        _ = try sandbox.shell("git worktree add -q --detach .claude/a1 && rm -r .git/worktrees/a1", in: shop)
        let server = try serve(Self.waiting, in: shop)
        defer { server.end() }
        let refused = try sandbox.portctl("kill", port, in: "\(shop)/.claude/a1")
        #expect(refused.status == 1 && refused.output == "")
        #expect(refused.errors.contains("\(shop)/.claude/a1/.git leads to \(shop)/.git/worktrees/a1, which is no"))
        #expect(refused.errors.contains("python3 (pid \(server.pid)) in \(shop) does not belong to this project"))
        #expect(server.isRunning)
        #expect(try sandbox.portctl("kill", port, in: shop).status == 0)
    }

    @Test func killRefusesTheDaemonAndPidsThatDoNotListen() throws {
        try sandbox.portctl("start")
        let ownPort = String(try sandbox.httpAddress().split(separator: ":")[1])
        let own = try sandbox.portctl("kill", ownPort, "--yes", "--force")
        #expect(own.status == 1 && own.errors.contains("refusing to kill the port registry itself\n  portctl stop"))
        let server = try serve(Self.waiting)
        defer { server.end() }
        let innocent = try sandbox.start("sleep", ["1000"], outputTo: "\(sandbox.root)/innocent")
        defer { innocent.end() }
        let wrong = try sandbox.portctl("kill", port, "--pid", "\(innocent.pid)")
        #expect(
            wrong.status == 1 && wrong.errors.contains("does not listen on port \(port): python3 (pid \(server.pid))")
        )
        #expect(innocent.isRunning && server.isRunning && sandbox.daemonPID != nil)
    }

    /// As a development environment does whose terminal runs the command.
    @Test func killRefusesTheServerThatItRunsBelow() throws {
        let address = try {
            try sandbox.portctl("start"); return try sandbox.httpAddress()
        }()
        let commands = """
            portctl kill \(port) --yes --force; portctl reserve \(port) --kill --yes
            port-manager --kill-port \(port) --force --json
            PORT_SERVER_ADDR=\(address) portctl kill \(port) --yes --force
            curl -sX POST -H 'Content-Type: application/json' -d '{}' http://\(address)/v1/ports/\(port)/kill
            """
        let server = try serve(
            """
            import subprocess
            shell = subprocess.run(["sh"], input=\"\"\"\(commands)\"\"\", text=True, capture_output=True)
            print(shell.stdout, shell.stderr, "ready", flush=True); signal.pause()
            """
        )
        defer { server.end() }
        let output = try sandbox.shell("cat \(sandbox.root)/*.out").output
        let refusal = "refusing to kill python3 (pid \(server.pid)): this request comes from it"
        #expect(output.components(separatedBy: refusal).count - 1 == 5, "\(output)")
        #expect(output.contains("\"status\" : \"blocked\"") && output.contains("\"code\":\"protected_process\""))
        #expect(server.isRunning)
        #expect(try sandbox.portctl("kill", port).status == 0)
    }

    @Test func otherPortsOfTheServerAreNamedBeforeAndAfterTheKill() throws {
        let (second, third) = (sandbox.firstPort + 1, sandbox.firstPort + 2)
        let more = "more = [socket.create_server((\"127.0.0.1\", p)) for p in (\(third), \(second))]; "
        let elsewhere = try sandbox.makeDirectory("elsewhere")
        let server = try serve(more + Self.waiting, in: elsewhere)
        defer { server.end() }
        let refused = try sandbox.portctl("kill", port)
        #expect(refused.errors.contains("this project, and listens on \(second) and \(third), too\n  --yes"))
        let killed = try sandbox.portctl("kill", port, "--yes")
        #expect(killed.status == 0 && killed.errors.contains("it also listened on \(second) and \(third)\n"))
    }

    @Test func parentOfAServerThatMayStartItAgainIsNamed() throws {
        let server = try serve(Self.waiting)
        defer { server.end() }
        let parent = "(pid \(getpid()))"
        #expect(try sandbox.portctl("who", port).output.contains("\n  parent: "))
        #expect(try sandbox.portctl("who", port).output.contains(parent))
        // The tests are the parent of both, so they are not said to start it again.
        #expect(try !sandbox.portctl("kill", port).errors.contains(parent))
    }

    @Test func killInACheckoutSparesTheServersOfItsSubmodules() throws {
        let library = try sandbox.makeRepository("library")
        let shop = try sandbox.makeRepository("shop")
        _ = try sandbox.shell("git -c protocol.file.allow=always submodule --quiet add \(library) core", in: shop)
        let server = try serve(Self.waiting, in: "\(shop)/core")
        defer { server.end() }
        let refused = try sandbox.portctl("kill", port, in: shop)
        #expect(refused.status == 1 && refused.errors.contains("in \(shop)/core does not belong to this project"))
        #expect(server.isRunning)
        #expect(try sandbox.portctl("kill", port, in: "\(shop)/core").status == 0)
    }

    @Test func serverInAGitDirectoryBelongsToItsCheckout() throws {
        let shop = try sandbox.makeRepository("shop")
        let server = try serve(Self.waiting, in: "\(shop)/.git")
        defer { server.end() }
        #expect(try sandbox.portctl("kill", port, in: shop).status == 0)
    }

    @Test func stoppedServerIsNotSaidToIgnoreSIGTERM() throws {
        let server = try serve(Self.waiting)
        defer { server.end() }
        server.signal(SIGSTOP)
        try sandbox.wait(for: "the stop") { try sandbox.portctl("who", port).output.contains("(stopped)") }
        let refused = try sandbox.portctl("kill", port)
        #expect(refused.errors.hasSuffix("it is stopped: kill -CONT \(server.pid) lets it end; --force uses SIGKILL\n"))
        #expect(try sandbox.portctl("kill", port, "--force").status == 0)
    }

    @Test(.enabled(if: geteuid() == 0, "mounting needs root"))
    func serverInAnotherDirectoryAtTheSamePathIsNotTheProjects() throws {
        let project = try sandbox.makeDirectory("project")
        let elsewhere = try sandbox.makeDirectory("elsewhere")
        try sandbox.portctl("start")
        let program = "import signal, socket; s = socket.create_server(('127.0.0.1', \(port))); signal.pause()"
        let server = try sandbox.start(
            "unshare",
            ["-m", "sh", "-c", "mount --bind \(elsewhere) \(project); cd \(project); exec python3 -c \"\(program)\""],
            outputTo: "\(sandbox.root)/server"
        )
        defer { server.end() }
        try sandbox.wait(for: "the server") { try sandbox.portctl("who", port).status == 0 }
        let refused = try sandbox.portctl("kill", port, in: project)
        #expect(refused.status == 1 && refused.errors.contains("in \(project) does not belong to this project"))
        #expect(server.isRunning)
    }

    @Test func secretsOfACommandLineAreShownNowhere() throws {
        let elsewhere = try sandbox.makeDirectory("elsewhere")
        try sandbox.portctl("start")
        let program = "import signal, socket; s = socket.create_server(('127.0.0.1', \(port))); signal.pause()"
        let server = try sandbox.start(
            "python3",
            [
                "-c", program, "--password", "hunter2", "--token=hunter2", "DB_PASSWORD=hunter2",
                "https://me:hunter2@h/",
            ],
            in: elsewhere,
            outputTo: "\(sandbox.root)/server"
        )
        defer { server.end() }
        try sandbox.wait(for: "the server") { try sandbox.portctl("who", port).status == 0 }
        let outputs = try sandbox.shell(
            """
            portctl who \(port); portctl who \(port) --json; portctl ps --json; portctl kill \(port) || true
            port-manager --detect \(port) --json; portctl run job -- true --password hunter2
            curl -s http://\(try sandbox.httpAddress())/v1/listeners
            """
        )
        let all = outputs.output + outputs.errors
        #expect(all.contains("--password *** --token=*** DB_PASSWORD=*** https://me:***@h/"))
        #expect(!all.contains("hunter2"))
    }

    @Test func reserveEndsTheOccupierOnlyOnRequest() throws {
        let server = try serve(Self.waiting)
        let refused = try sandbox.portctl("reserve", port, "--service", "ollama")
        #expect(refused.status == 1)
        #expect(refused.errors.contains("port in use on system: \(port)\n  python3 (pid \(server.pid)) in /"))
        #expect(refused.errors.contains(" listens on it: portctl who \(port); --kill ends it"))
        let reserved = try sandbox.portctl("reserve", port, "--service", "ollama", "--kill")
        #expect(reserved.status == 0, "\(reserved.errors)")
        let expected =
            "reserved port \(port) (id=1) for user/main/ollama, after python3 (pid \(server.pid)) was ended\n"
        #expect(reserved.output == expected)
        #expect(server.wait() == -SIGTERM)
        let other = try sandbox.portctl("reserve", port, "--kill")
        #expect(
            other.status == 1 && other.errors.contains("port already allocated: \(port) belongs to user/main/ollama")
        )
        #expect(try sandbox.portctl("reserve", port, "--service", "ollama").output.hasPrefix("reserved port \(port)"))
        #expect(
            try sandbox.portctl("reserve", "\(sandbox.firstPort + 1)", "--json").output.contains("\"killed\" : false")
        )
        #expect(try sandbox.portctl("reserve", "1", "--force").status == 1)
    }

    @Test(.enabled(if: geteuid() == 0, "becoming another user needs root"))
    func killNeverTouchesAnotherUsersProcess() throws {
        let root = try serve(Self.waiting)
        defer { root.end() }
        let outcome = try sandbox.shell(
            """
            chmod 711 \(sandbox.root); mkdir -m 777 \(sandbox.root)/other; cd \(sandbox.root)/other
            other() { setpriv --reuid 65534 --regid 65534 --clear-groups env PORT_SERVER_HOME=$PWD/h HOME=$PWD "$@"; }
            other portctl kill \(port) --yes --force || echo "refused $?"
            other portctl stop >/dev/null
            """
        )
        #expect(outcome.output == "refused 1\n")
        #expect(outcome.errors.contains("an unknown process of user id 0 listens on port \(port)"))
        #expect(root.isRunning)
    }

    @Test(arguments: [["kill"], ["kill", "0"], ["kill", "x"], ["kill", "65536"], ["kill", "3000", "--pid", "x"]])
    func badInputIsRefused(_ words: [String]) throws {
        let outcome = try sandbox.run("portctl", words)
        #expect(outcome.status == 1 && outcome.output == "" && !outcome.errors.isEmpty)
    }
}
