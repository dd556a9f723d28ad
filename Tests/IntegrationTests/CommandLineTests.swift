import Foundation
import PortSystem
import Testing

/// Every row of the CLI reference of the port-server/portctl pair.
@Suite struct CommandLineTests {
    private let sandbox = try! Sandbox()

    @Test func daemonCommandsHaveTheDocumentedExitCodes() throws {
        #expect(try sandbox.portctl("status").status == 0)
        #expect(try sandbox.portctl("status").output == "port-server is not running\n")
        #expect(try sandbox.portctl("status", "--json").output == "{\n  \"running\" : false\n}\n")
        #expect(try sandbox.portctl("health").status == 1)
        #expect(try sandbox.portctl("stop").status == 1)
        #expect(try sandbox.portctl("restart").status == 1)
        let started = try sandbox.portctl("start")
        #expect(started.status == 0 && started.output.hasPrefix("port-server started (pid "))
        let again = try sandbox.portctl("start")
        #expect(again.status == 1 && again.errors.hasPrefix("portctl: port-server is already running (pid "))
        let first = sandbox.daemonPID
        #expect(try sandbox.portctl("restart").status == 0)
        #expect(sandbox.daemonPID != first)
        let restarted = try sandbox.portctl("restart", "--json").output
        #expect(restarted.contains("\"status\" : \"restarted\"") && !restarted.contains("stopped"))
        #expect(try sandbox.portctl("health").output == "healthy\n")
        let status = try sandbox.portctl("status")
        #expect(status.status == 0 && status.output.contains("port-server is running (pid \(sandbox.daemonPID!)"))
        #expect(try sandbox.portctl("status", "--json").output.contains("\"running\" : true"))
        #expect(try sandbox.portctl("stop").status == 0)
        #expect(try sandbox.portctl("health").status == 1)
        #expect(!FileManager.default.fileExists(atPath: sandbox.home.pidFilePath))
        #expect(!FileManager.default.fileExists(atPath: sandbox.home.socketPath))
    }

    @Test func secondAllocationIsRefusedAndNamesTheHolder() throws {
        #expect(try sandbox.portctl("allocate", "--app", "a", "--instance", "i", "--service", "s").status == 0)
        let again = try sandbox.portctl("allocate", "--app", "a", "--instance", "i", "--service", "s")
        #expect(again.status == 1)
        #expect(again.errors.contains("service already allocated: a/i/s has port"))
        let port = try sandbox.portctl("port", "a/i/s").output.trimmingCharacters(in: .whitespacesAndNewlines)
        let taken = try sandbox.portctl("allocate", "--app", "b", "--service", "s", "--port", port)
        #expect(taken.status == 1)
        #expect(taken.errors.contains("port already allocated: \(port) belongs to a/i/s (id=1)"))
    }

    @Test func portPrintsOnlyTheNumberAndTheSameOneEveryTime() throws {
        let first = try sandbox.portctl("port", "web")
        #expect(first.output.wholeMatch(of: #/\d+\n/#) != nil)
        #expect(first.errors.contains("port-server started"))
        let second = try sandbox.portctl("port", "web")
        #expect(second.output == first.output && second.errors == "")
        #expect(try sandbox.portctl("release").status == 0)
        #expect(try sandbox.portctl("port", "web").output == first.output)
    }

    @Test func commandSubstitutionDoesNotWaitForTheDaemonItStarted() throws {
        let outcome = try sandbox.shell("exec 9>held; PORT=$(portctl port web); echo \"port $PORT\"")
        #expect(outcome.output.wholeMatch(of: #/port \d+\n/#) != nil)
        let pid = try #require(sandbox.daemonPID)
        // The daemon has inherited no file of the shell.
        let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").compactMap {
            try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/fd/\($0)")
        }
        #expect(!open.contains { $0.hasSuffix("/held") })
        let directory = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/cwd")
        #expect(directory == sandbox.home.path)
    }

    @Test func listHasFiltersAndTheDocumentedJSONKeys() throws {
        for name in ["a/i/web", "a/j/web", "b/i/db"] { try sandbox.portctl("port", name) }
        func ports(_ arguments: String...) throws -> [[String: Any]] {
            let outcome = try sandbox.run("portctl", ["list", "--json"] + arguments)
            #expect(outcome.status == 0)
            return try #require(JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]])
        }
        #expect(try ports("--all").count == 3)
        #expect(try ports("--app", "a").count == 2)
        #expect(try ports("--app", "a", "--instance", "j").count == 1)
        #expect(try ports("--all", "--service", "db").count == 1)
        #expect(try ports().isEmpty)
        let keys = try ports("--app", "b")[0].keys.sorted()
        #expect(keys == ["app", "created_at", "id", "instance", "port", "service"])
        let wide = try sandbox.portctl("list", "--all", "--wide").lines
        #expect(wide[0].split(separator: " ").map(String.init).suffix(4) == ["STATE", "HOLDS", "OWNER", "DIRECTORY"])
        #expect(wide[1].contains("reserved  permanent"))
        let none = try sandbox.portctl("list", "--app", "nobody")
        #expect(none.status == 0 && none.output == "" && none.errors.contains("no allocations of \"nobody\""))
    }

    @Test func releaseEndsOnlyWhatItsFiltersMatch() throws {
        for name in ["a/i/web", "a/j/web", "b/i/db"] { try sandbox.portctl("port", name) }
        #expect(try sandbox.portctl("release", "--app", "a", "--instance", "i").output == "released 1 allocation\n")
        #expect(try sandbox.portctl("release", "--app", "a", "--service", "nothing").status == 1)
        #expect(try sandbox.portctl("release", "--id", "99").status == 1)
        #expect(try sandbox.portctl("release").status == 1)
        #expect(try sandbox.portctl("list", "--all").lines.count == 3)
        #expect(try sandbox.portctl("release", "--id", "3").output == "released allocation 3\n")
        #expect(try sandbox.portctl("list", "--all").lines.count == 2)
    }

    @Test func releaseWithoutFiltersIsLimitedToThisInstance() throws {
        let shop = try sandbox.makeRepository("shop")
        _ = try sandbox.shell("git worktree add -q --detach ../login", in: shop)
        let login = "\(sandbox.root)/login"
        for directory in [shop, login] { try sandbox.portctl("port", "web", in: directory) }
        #expect(try sandbox.portctl("release", in: login).status == 0)
        #expect(try sandbox.portctl("list", in: shop).lines.count == 2)
        #expect(try sandbox.portctl("list", in: shop).output.contains("shop  main"))
    }

    @Test func pathCannotBeCombinedWithAppOrInstance() throws {
        let both = try sandbox.portctl("port", "a/main/web", "--app", "other")
        #expect(both.status == 1 && both.errors.contains("--app and --instance cannot be combined with it"))
    }

    @Test func checkDistinguishesFreeAllocatedAndBusyPorts() throws {
        let port = try sandbox.portctl("port", "web").output.trimmingCharacters(in: .whitespacesAndNewlines)
        let allocated = try sandbox.portctl("check", "--port", port)
        #expect(allocated.status == 1 && allocated.output == "port \(port) is allocated to user/main/web (id=1)\n")
        let busy = try sandbox.portctl("check", "--port", String(try sandbox.httpAddress().split(separator: ":")[1]))
        #expect(busy.status == 1 && busy.output.hasSuffix("is in use on system\n"))
        let free = try sandbox.portctl("check", "--port", "6000")
        #expect(free.status == 0 && free.output == "port 6000 is available\n")
        #expect(free.errors == "warning: browsers refuse to connect to port 6000\n")
    }

    @Test func forgottenPortIsGivenToTheNextService() throws {
        let port = try sandbox.portctl("port", "web").output.trimmingCharacters(in: .whitespacesAndNewlines)
        let forgotten = try sandbox.portctl("forget", "web")
        #expect(forgotten.output == "released and forgot port \(port) of user/main/web\n")
        #expect(try sandbox.portctl("port", "other").output == "\(port)\n")
        #expect(try sandbox.portctl("forget", "web").status == 1)
    }

    @Test func versionPrintsVersionCommitAndDate() throws {
        let outcome = try sandbox.portctl("version")
        #expect(outcome.status == 0)
        #expect(outcome.output.wholeMatch(of: #/portctl \d+\.\d+\.\d+\ncommit: \S+\nbuilt:  \S+\n/#) != nil)
        #expect(try sandbox.run("port-server", "--version").output.hasPrefix("port-server "))
    }

    /// `skill install` always exits with 0, as documented.
    @Test func skillThatCannotBeInstalledIsReported() throws {
        let homeless = try sandbox.portctl("skill", "install", "--global", environment: ["HOME": nil])
        #expect(homeless.status == 0 && homeless.output.hasPrefix("failed HOME is not set"), "\(homeless)")
        let outcome = try sandbox.shell("mkdir gone; cd gone; rmdir ../gone; portctl skill install; portctl list --all")
        #expect(outcome.status == 0 && outcome.output.hasPrefix("failed the working directory was removed"))
    }

    @Test func commandsThatNameNoProjectWorkInARemovedDirectory() throws {
        let outcome = try sandbox.shell(
            """
            mkdir gone; cd gone; rmdir ../gone
            portctl port app/main/web; portctl check --port 3000 >/dev/null || echo taken; get-port name >/dev/null
            portctl list --all | wc -l; portctl release 3000; portctl status >/dev/null
            portctl port web || echo refused
            """
        )
        #expect(outcome.output == "3000\ntaken\n3\nReleased port: 3000\nrefused\n", "\(outcome)")
        #expect(outcome.errors.contains("the working directory was removed\n  change to another directory"))
    }

    @Test func skillIsNotInstalledThroughALinkOutOfTheProject() throws {
        let directory = try sandbox.makeDirectory("linked")
        let elsewhere = try sandbox.makeDirectory("elsewhere")
        try FileManager.default.createSymbolicLink(atPath: "\(directory)/.agents", withDestinationPath: "../elsewhere")
        try FileManager.default.createDirectory(atPath: "\(directory)/inner", withIntermediateDirectories: false)
        try FileManager.default.createSymbolicLink(atPath: "\(directory)/.claude", withDestinationPath: "inner")
        let outcome = try sandbox.portctl("skill", "install", in: directory)
        #expect(outcome.status == 0)
        #expect(outcome.lines.contains { $0.hasSuffix("leads out of this directory, to \(elsewhere)") })
        #expect(try FileManager.default.contentsOfDirectory(atPath: elsewhere).isEmpty)
        #expect(FileManager.default.fileExists(atPath: "\(directory)/inner/skills/port-manager/SKILL.md"))
    }

    @Test func skillIsInstalledForThePlatformsThatExist() throws {
        let directory = try sandbox.makeDirectory("project")
        #expect(try sandbox.portctl("skill", "install", in: directory).status == 0)
        for platform in [".claude", ".agents"] {
            let skill = "\(directory)/\(platform)/skills/port-manager"
            let text = try String(contentsOfFile: "\(skill)/SKILL.md", encoding: .utf8)
            #expect(text.hasPrefix("---\nname: port-manager\n"))
            #expect(FileManager.default.fileExists(atPath: "\(skill)/references/WORKFLOW.md"))
        }

        let none = try sandbox.portctl("skill", "install", "--global")
        #expect(none.status == 0)
        #expect(none.lines.count == 3 && none.lines.allSatisfy { $0.hasPrefix("skipped ") })
        _ = try sandbox.makeDirectory("user/.codex")
        let one = try sandbox.portctl("skill", "install", "--global")
        #expect(one.lines.count { $0.hasPrefix("installed ") } == 1)
        #expect(
            FileManager.default.fileExists(atPath: "\(sandbox.root)/user/.codex/skills/port-manager/SKILL.md")
        )
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func completionsAreValidInTheirShell(_ shell: String) throws {
        let outcome = try sandbox.portctl("completions", shell)
        #expect(outcome.status == 0 && outcome.output.contains("allocate"))
        if shell == "bash" {
            #expect(
                try sandbox.shell("portctl completions bash > c; bash -n c; bash -c '. ./c; complete -p portctl'")
                    .status == 0
            )
        }
    }

    @Test(arguments: [
        ["--nonsense"], ["nonsense"], ["allocate"], ["allocate", "--service", "s", "--port", "-1"],
        ["allocate", "--service", "s", "--port", "65536"], ["allocate", "--service", "s", "--port", "abc"],
        ["allocate", "--service", "s", "--adopt"], ["allocate", "--service", " "], ["allocate", "--service", "a\nb"],
        ["allocate", "--service", String(repeating: "x", count: 129)], ["port"], ["port", ""], ["port", "a\tx/b/c"],
        ["port", "web", "--nonsense"], ["check"], ["check", "--port", "0"], ["check", "--port", "abc"],
        ["check", "--port", "-1"], ["check", "--port", "65536"], ["release", "--id", "-1"], ["release", "--id", "x"],
        ["list", "--all", "--app", "x"], ["completions", "tcsh"], ["start", "extra"],
    ])
    func badInputIsAnErrorAndChangesNothing(_ arguments: [String]) throws {
        try sandbox.portctl("start")
        let outcome = try sandbox.run("portctl", arguments)
        #expect(outcome.status == 1)
        #expect(outcome.output == "" && !outcome.errors.isEmpty)
        #expect(try sandbox.portctl("list", "--all").output == "")
    }

    @Test func failedOutputIsAnErrorButClosedOutputIsNot() throws {
        let outcome = try sandbox.shell(
            """
            portctl port web > /dev/full || echo "full $?"
            portctl port web >&- && echo "closed $?"
            portctl port web >&- 2>&- <&- && echo "all closed $?"
            portctl list --all | head -1
            """
        )
        #expect(outcome.output.hasPrefix("full 1\nclosed 0\nall closed 0\nID  APP"))
        #expect(outcome.errors.contains("portctl: the output cannot be written: No space left on device"))
    }

    @Test func helpExitsWithZero() throws {
        for arguments in [["--help"], ["allocate", "--help"], ["help", "port"]] {
            let outcome = try sandbox.run("portctl", arguments)
            #expect(outcome.status == 0 && outcome.output.contains("USAGE:") && outcome.errors == "")
        }
    }

    @Test func serverGivenByAddressIsNeverStarted() throws {
        let named = try sandbox.portctl("list", environment: ["PORT_SERVER_ADDR": "127.0.0.1:1"])
        #expect(named.status == 1 && named.errors.contains("no server at 127.0.0.1:1"))
        let forbidden = try sandbox.portctl("list", environment: ["PORTCTL_AUTOSTART": "0"])
        #expect(forbidden.status == 1 && forbidden.errors.contains("start it with: portctl start"))
        #expect(sandbox.daemonPID == nil)
    }

    @Test func serverGivenByAddressIsReachedOverTCP() throws {
        try sandbox.portctl("start")
        let own = try sandbox.httpAddress()
        for address in [own, "http://\(own)/", own.replacingOccurrences(of: "127.0.0.1", with: "localhost")] {
            let outcome = try sandbox.portctl("port", "web", environment: ["PORT_SERVER_ADDR": address])
            #expect(outcome.status == 0 && outcome.errors == "")
        }
    }

    @Test func environmentVariablesSetAppAndInstance() throws {
        let environment = ["PORTCTL_APP": "shop", "PORTCTL_INSTANCE": "blue"]
        try sandbox.portctl("port", "web", environment: environment)
        #expect(try sandbox.portctl("list", "--all").lines[1].contains("shop  blue      web"))
        let outcome = try sandbox.portctl(
            "allocate",
            "--app",
            "other",
            "--service",
            "web",
            environment: environment
        )
        #expect(outcome.output.hasSuffix("for other/blue/web\n"))
    }

    @Test(.enabled(if: geteuid() == 0, "mounting needs root"))
    func commandsRunWithoutProc() throws {
        let outcome = try sandbox.shell(
            """
            unshare -m sh -c '
                mount -t tmpfs none /proc
                portctl port web --port 4000; portctl list; portctl doctor; get-port app; portctl run x -- env
                portctl stop'
            """,
            ownNetwork: true
        )
        #expect(outcome.output.hasPrefix("4000\n") && outcome.output.contains("✗ owners: /proc is not mounted"))
        #expect(!outcome.output.contains("SWIFT_ROOT"))
        #expect(outcome.errors.contains("cannot be inspected: /proc is not mounted"), "\(outcome.errors)")
    }
}
