import Foundation
import PortSystem
import PortTestSupport
import Testing

/// `portctl service` with a stand-in for systemctl, because a user manager needs a login session.
@Suite struct ServiceTests {
    private let sandbox = try! Sandbox()

    private var unit: String { "\(sandbox.root)/user/.config/systemd/user/portctl.service" }

    private static let hasSystemdAnalyze = FileManager.default.isExecutableFile(atPath: "/usr/bin/systemd-analyze")

    private var links: String { "\(sandbox.root)/user/.config/systemd/user/default.target.wants" }

    /// Installs a service manager that records its arguments, and starts and ends the daemon as the unit says.
    private func makeManager() throws {
        let script = """
            #!/bin/sh
            echo "$*" >> \(sandbox.root)/requests
            shift
            pid=\(sandbox.root)/unit.pid
            is_active() { [ -e $pid ] && grep -q '^State:.[^Z]' "/proc/$(cat $pid)/status" 2>/dev/null; }
            wait_for_exit() { while is_active; do sleep 0.02; done; }
            case "$1" in
            enable) mkdir -p \(links); ln -sf \(unit) \(links)/portctl.service ;;
            start|restart)
                if [ -e \(sandbox.root)/unnoticed ]; then rm \(sandbox.root)/unnoticed; exit 0; fi
                if is_active; then [ "$1" = restart ] || exit 0; kill "$(cat $pid)"; wait_for_exit; fi
                eval "$(sed -n 's/^ExecStart=//p' \(unit)) >/dev/null 2>&1 &"; echo $! > $pid ;;
            disable) kill "$(cat $pid)"; rm $pid \(links)/portctl.service ;;
            show)
                if [ -e \(unit) ]; then echo FragmentPath=\(unit); else echo FragmentPath=; fi
                if [ -e \(links)/portctl.service ]; then echo UnitFileState=enabled; else echo UnitFileState=; fi
                if is_active; then echo ActiveState=active; echo "MainPID=$(cat $pid)"
                else echo ActiveState=inactive; echo MainPID=0; fi ;;
            esac
            """
        try place(script)
    }

    /// Writes the executable with another process. If this process had it open for writing, a command that another test
    /// starts at that moment could inherit it, and an executable that is open for writing cannot be executed.
    private func place(_ script: String) throws {
        let path = "\(sandbox.root)/bin/systemctl"
        try sandbox.run("sh", "-c", "printf %s \"$1\" > \(path) && chmod 755 \(path)", "sh", script)
    }

    private var requests: [String] {
        get throws {
            let text = try String(contentsOfFile: "\(sandbox.root)/requests", encoding: .utf8)
            return text.split(separator: "\n").map(String.init)
        }
    }

    @Test func serviceIsInstalledRunsAndIsUninstalled() throws {
        try makeManager()
        // The service replaces a daemon that a command has started.
        try sandbox.portctl("port", "web")
        let before = try #require(sandbox.daemonPID)
        let installed = try sandbox.portctl("service", "install")
        #expect(installed.status == 0, "\(installed.errors)")
        #expect(installed.output == "installed \(unit)\nport-server is running and starts at every login\n")
        let after = try #require(sandbox.daemonPID)
        #expect(after != before)
        let changes = try requests.filter { !$0.contains("show") }
        #expect(
            changes == ["--user daemon-reload", "--user enable portctl.service", "--user restart portctl.service"]
        )
        let status = try sandbox.portctl("service", "status", "--json").output
        for part in ["\"enabled\" : true", "\"installed\" : true", "\"running\" : true", "\"unit\" : \"\(unit)\""] {
            #expect(status.contains(part))
        }
        let address = try sandbox.httpAddress()
        let answer = "yes (pid \(after)), at \(sandbox.home.socketPath) and http://\(address)"
        #expect(try sandbox.portctl("service", "status").lines.last == "answers:    \(answer)")
        #expect(try sandbox.portctl("list", "--all").output.contains("web"))
        let removed = try sandbox.portctl("service", "uninstall")
        #expect(removed.status == 0 && removed.lines[0] == "removed \(unit)")
        #expect(!FileManager.default.fileExists(atPath: unit))
        #expect(try requests.suffix(2) == ["--user disable --now portctl.service", "--user daemon-reload"])
        try sandbox.wait(for: "the daemon's end") { sandbox.daemonPID == nil }
        let gone = try sandbox.portctl("service", "status").lines
        #expect(gone[0] == "not installed" && gone.last == "answers:    no: port-server is not running")
        let again = try sandbox.portctl("service", "uninstall")
        #expect(again.status == 1 && again.errors.contains("the service is not installed"))
    }

    @Test func commandsStartTheDaemonThroughTheServiceManager() throws {
        try makeManager()
        try sandbox.portctl("service", "install")
        let first = try #require(sandbox.daemonPID)
        let restarted = try sandbox.portctl("restart")
        let second = try #require(sandbox.daemonPID)
        #expect(restarted.lines == ["port-server stopped (pid \(first))", "port-server started (pid \(second))"])
        #expect(second != first && managedPID == second)
        try sandbox.portctl("stop")
        try sandbox.portctl("port", "web")
        #expect(sandbox.daemonPID == managedPID)
        // A command for another home does not use this home's service.
        let other = try sandbox.makeDirectory("other")
        try sandbox.run("chmod", "700", other)
        try sandbox.portctl("port", "web", environment: ["PORT_SERVER_HOME": other])
        #expect(try requests.filter { $0 == "--user start portctl.service" }.count == 2)
        try sandbox.portctl("stop", environment: ["PORT_SERVER_HOME": other])
        try sandbox.portctl("service", "uninstall")
    }

    @Test func startIsRepeatedWhenTheManagerHasNotNoticedTheExit() throws {
        try makeManager()
        try sandbox.portctl("service", "install")
        try sandbox.portctl("stop")
        // At the next start, the manager still believes that the service runs.
        try sandbox.run("touch", "\(sandbox.root)/unnoticed")
        try sandbox.portctl("port", "web")
        #expect(sandbox.daemonPID == managedPID)
        #expect(try requests.filter { $0 == "--user start portctl.service" }.count == 2)
        try sandbox.portctl("service", "uninstall")
    }

    @Test func failingServiceIsStartedTwiceAndThenTheDaemonReportsWhy() throws {
        try makeManager()
        try sandbox.portctl("service", "install")
        try sandbox.portctl("stop")
        try PrivateFile.replace(sandbox.home.configurationPath, with: "colour: red\n")
        let outcome = try sandbox.portctl("port", "web")
        #expect(outcome.status == 1 && outcome.errors.contains("no setting colour"), "\(outcome.errors)")
        #expect(try requests.filter { $0 == "--user start portctl.service" }.count == 2)
        try sandbox.portctl("service", "uninstall")
    }

    @Test func commandsWorkWithoutAWorkingServiceManager() throws {
        try makeManager()
        try sandbox.portctl("service", "install")
        try sandbox.portctl("stop")
        try place("#!/bin/sh\necho 'Failed to connect to bus: No medium found' >&2; exit 1\n")
        #expect(try sandbox.portctl("port", "web").status == 0)
        let daemon = try #require(sandbox.daemonPID)
        let removed = try sandbox.portctl("service", "uninstall")
        #expect(
            removed.lines == [
                "removed \(unit)", "port-server (pid \(daemon)) keeps running: the service manager did not start it",
            ]
        )
        #expect(!FileManager.default.fileExists(atPath: unit))
        // A dangling link does not exist as a file, but it is still an entry of the directory.
        #expect(try FileManager.default.contentsOfDirectory(atPath: links).isEmpty)
    }

    @Test func installFailsWhenTheDaemonIsNotTheManagers() throws {
        try makeManager()
        try sandbox.run(
            "sh",
            "-c",
            "sed -i 's#eval .*#HOME=/ portctl port web; echo 1 > $pid ;;#' \(sandbox.root)/bin/systemctl"
        )
        let outcome = try sandbox.portctl("service", "install")
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("its port-server does not start"))
        #expect(try requests.count { $0.contains("show") } < 20)
    }

    private var managedPID: Int32? {
        let text = try? String(contentsOfFile: "\(sandbox.root)/unit.pid", encoding: .utf8)
        return text.flatMap { Int32($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }

    @Test func installWithoutAServiceManagerNamesTheAlternative() throws {
        try place("#!/bin/sh\necho 'Failed to connect to bus: No medium found' >&2; exit 1\n")
        let outcome = try sandbox.portctl("service", "install")
        #expect(outcome.status == 1 && outcome.output == "")
        let why = "(systemctl --user show-environment: Failed to connect to bus: No medium found)"
        let message = "the service manager of this user does not answer \(why)\n  no service is needed"
        #expect(outcome.errors.contains(message))
        #expect(!FileManager.default.fileExists(atPath: unit) && sandbox.daemonPID == nil)
        #expect(try sandbox.portctl("service", "status").status == 0)
    }

    @Test(.enabled(if: hasSystemdAnalyze, "systemd-analyze is not installed"))
    func unitPassesSystemdAnalyze() throws {
        let shown = try sandbox.portctl("service", "install", "--dry-run")
        try shown.output.write(toFile: "\(sandbox.root)/portctl.service", atomically: true, encoding: .utf8)
        let verdict = try sandbox.run(
            "systemd-analyze",
            ["--user", "verify", "\(sandbox.root)/portctl.service"],
            environment: ["XDG_RUNTIME_DIR": sandbox.root]
        )
        #expect(verdict.status == 0 && verdict.errors == "", "\(verdict.errors)")
        #expect(shown.output.contains("Environment=\"PORT_SERVER_HOME=\(sandbox.home.path)\""))
        #expect(!FileManager.default.fileExists(atPath: unit))
    }

    @Test func installedUnitMatchesThePackagedUnit() throws {
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "packaging/portctl.service")
        // Directives of the same name stay in their order, which matters.
        func directives(_ text: String) -> [Substring: [Substring]] {
            let personal = ["#", "ExecStart=", "Documentation=", "Environment=\"PORT_SERVER_HOME"]
            let lines = text.split(separator: "\n").filter { line in !personal.contains { line.hasPrefix($0) } }
            return Dictionary(grouping: lines) { $0.prefix { $0 != "=" } }
        }
        let ours = directives(SystemdUnit.text(executable: "/usr/bin/port-server", home: nil))
        #expect(ours == directives(try String(contentsOf: package, encoding: .utf8)))
    }

    @Test(.enabled(if: hasSystemdAnalyze, "systemd-analyze is not installed"))
    func systemdAcceptsAProgramPathWithSpecialCharacters() throws {
        let directory = try sandbox.makeDirectory("my tools/$a$$ 100%")
        try sandbox.run("cp", "/bin/true", "\(directory)/port-server")
        let unit = "\(sandbox.root)/portctl.service"
        try SystemdUnit.text(executable: "\(directory)/port-server", home: "\(directory)/home")
            .write(toFile: unit, atomically: true, encoding: .utf8)
        let verdict = try sandbox.run(
            "systemd-analyze",
            ["--user", "verify", unit],
            environment: ["XDG_RUNTIME_DIR": sandbox.root]
        )
        #expect(verdict.status == 0 && verdict.errors == "", "\(verdict.errors)")
    }

    @Test func pathsWithSpecialCharactersAreQuotedInTheUnit() {
        let text = SystemdUnit.text(executable: "/opt/my tools/100%/port-server", home: "/home/a\"b\\c $d")
        #expect(text.contains("\nExecStart=\"/opt/my tools/100%%/port-server\"\n"))
        #expect(text.contains("\nEnvironment=\"PORT_SERVER_HOME=/home/a\\\"b\\\\c $d\"\n"))
    }

    @Test func launchAgentIsAValidPropertyList() throws {
        let text = LaunchAgent.text(executable: "/opt/a & b/port-server", home: "/Users/<x>", log: "/tmp/log")
        let list = try PropertyListSerialization.propertyList(from: Data(text.utf8), format: nil) as? [String: Any]
        #expect(list?["Label"] as? String == "dev.portctl.port-server")
        #expect(list?["ProgramArguments"] as? [String] == ["/opt/a & b/port-server"])
        #expect(list?["EnvironmentVariables"] as? [String: String] == ["PORT_SERVER_HOME": "/Users/<x>"])
        let plain = LaunchAgent.text(executable: "/x", home: nil, log: "/tmp/log")
        #expect(!plain.contains("EnvironmentVariables"))
    }
}
