/// The service that starts the daemon at every login. The user's service manager runs it: systemd on Linux, launchd on
/// macOS.
package struct LoginService: Sendable {
    /// The current status of the service.
    package struct Status: Hashable, Sendable {
        /// Whether the file at ``LoginService/path`` exists.
        package var isInstalled = false
        /// The file that the manager uses, which may belong to a package; `nil` when there is none.
        package var unit: String?
        /// Whether the manager starts the service at the next login.
        package var isEnabled = false
        /// Whether the manager runs the service now.
        package var isRunning = false
        /// The pid of the daemon that the manager runs; `nil` when the manager runs none or does not report it.
        package var pid: Int32?
    }

    /// The absolute path of port-server.
    package let executable: String
    package let home: HomeDirectory

    package init(executable: String, home: HomeDirectory) {
        self.executable = executable
        self.home = home
    }

    /// The path of the unit file or property list that describes the service. Throws when HOME is not set.
    package var path: String {
        get throws(SystemError) {
            #if os(Linux)
                return "\(try Self.unitDirectory)/\(SystemdUnit.name)"
            #else
                return "\(try Self.userDirectory)/Library/LaunchAgents/\(LaunchAgent.label).plist"
            #endif
        }
    }

    /// The path that makes the manager start the service at login: a link to the unit file, or the property list
    /// itself.
    private var autostartPath: String {
        get throws(SystemError) {
            #if os(Linux)
                return "\(try Self.unitDirectory)/\(SystemdUnit.target).wants/\(SystemdUnit.name)"
            #else
                return try path
            #endif
        }
    }

    #if os(Linux)
        private static var unitDirectory: String {
            get throws(SystemError) {
                // The XDG Base Directory Specification requires that relative paths are ignored.
                if let directory = Environment.value("XDG_CONFIG_HOME"), directory.hasPrefix("/") {
                    return "\(directory)/systemd/user"
                }
                return "\(try userDirectory)/.config/systemd/user"
            }
        }
    #endif

    private static var userDirectory: String {
        get throws(SystemError) {
            guard let directory = Environment.value("HOME") else {
                throw SystemError(.unset, of: "HOME")
            }
            return directory
        }
    }

    /// The line of the file that sets PORT_SERVER_HOME, which is absent for the default home.
    private var homeSetting: String {
        #if os(Linux)
            SystemdUnit.homeSetting(home.path)
        #else
            LaunchAgent.homeSetting(home.path)
        #endif
    }

    /// The contents of the file.
    package var text: String {
        let home = home == (try? HomeDirectory.defaultDirectory()) ? nil : home.path
        #if os(Linux)
            return SystemdUnit.text(executable: executable, home: home)
        #else
            return LaunchAgent.text(executable: executable, home: home, log: self.home.logPath)
        #endif
    }

    /// Writes the file and enables the service, so that the manager starts it from the next login on. Throws
    /// when the file cannot be written, or the manager refuses.
    package func register() throws(SystemError) {
        let path = try path
        do {
            try PlainFile.makeDirectories(of: path)
            try PlainFile.replace(path, with: Array(text.utf8))
        } catch {
            throw SystemError(.notWritten(reason: error.reason), of: path)
        }
        #if os(Linux)
            try runManager("daemon-reload")
            try runManager("enable", SystemdUnit.name)
        #endif
    }

    /// Makes the manager start the service, or restart it if it runs. Throws like ``register()``.
    package func restart() throws(SystemError) {
        #if os(Linux)
            try runManager("restart", SystemdUnit.name)
        #else
            unload()
            try runManager("bootstrap", Self.domain, try path)
        #endif
    }

    /// Whether the manager starts the daemon of this home at login. Commands then leave the start to the manager at
    /// other times as well. Reads only files and does not call the manager.
    package var isEnabledForHome: Bool {
        guard let file = try? autostartPath, let text = SmallFile.text(at: file) else { return false }
        let isDefault = home == (try? HomeDirectory.defaultDirectory())
        return isDefault ? !text.contains("PORT_SERVER_HOME") : text.contains(homeSetting)
    }

    /// Makes the manager start the service, unless it runs. Throws like ``register()``.
    package func start() throws(SystemError) {
        #if os(Linux)
            try runManager("start", SystemdUnit.name)
        #else
            try runManager("kickstart", "\(Self.domain)/\(LaunchAgent.label)")
        #endif
    }

    /// The command that prints the log of the daemon that the manager runs; `nil` when its log is the home's file: the
    /// manager runs none, or launchd does.
    package func logCommand(lines: Int, follow: Bool) -> [String]? {
        #if os(Linux)
            guard isEnabledForHome, (try? status)?.isRunning == true else { return nil }
            return ["journalctl", "--user", "-u", SystemdUnit.name, "-n", "\(lines)"] + (follow ? ["-f"] : [])
        #else
            return nil
        #endif
    }

    /// Stops and disables the service, and removes its file unless the file belongs to a package. Returns the file and
    /// whether it was removed; `nil` when there is no service. Throws like ``register()``.
    package func unregister() throws(SystemError) -> (file: String, isRemoved: Bool)? {
        let path = try path
        let status = try status
        guard status.isInstalled || status.isEnabled else { return nil }
        // Without a manager no service runs, and only the files need to be removed.
        if (try? checkManager()) != nil {
            #if os(Linux)
                try runManager("disable", "--now", SystemdUnit.name)
            #else
                unload()
            #endif
        }
        guard status.isInstalled else { return (status.unit ?? SystemdUnit.name, false) }
        PrivateFile.remove(try autostartPath)
        PrivateFile.remove(path)
        #if os(Linux)
            _ = try? Subprocess.run(["systemctl", "--user", "daemon-reload"])
        #endif
        return (path, true)
    }

    /// The current status. Without a manager the service counts as not running. Throws when HOME is not set.
    package var status: Status {
        get throws(SystemError) {
            var status = Status(isInstalled: SmallFile.text(at: try path) != nil)
            #if os(Linux)
                let names = ["FragmentPath", "UnitFileState", "ActiveState", "MainPID"]
                let query = ["systemctl", "--user", "show", "--property=\(names.joined(separator: ","))"]
                let outcome = try? Subprocess.run(query + [SystemdUnit.name])
                var properties: [Substring: Substring] = [:]
                for line in outcome?.output.split(separator: "\n") ?? [] where outcome?.status == 0 {
                    let parts = line.split(separator: "=", maxSplits: 1)
                    if parts.count == 2 { properties[parts[0]] = parts[1] }
                }
                status.unit = properties["FragmentPath"].map { String($0) }
                status.isEnabled = properties["UnitFileState"] == "enabled"
                status.isRunning = properties["ActiveState"] == "active"
                status.pid = properties["MainPID"].flatMap { Int32($0) }.flatMap { $0 > 0 ? $0 : nil }
            #else
                if status.isInstalled { status.unit = try path }
                status.isEnabled = status.isInstalled
                status.isRunning = isLoaded
            #endif
            return status
        }
    }

    #if !os(Linux)
        private var isLoaded: Bool {
            (try? Subprocess.run(["launchctl", "print", "\(Self.domain)/\(LaunchAgent.label)"]))?.status == 0
        }

        /// Unloads the agent, if it is loaded, and waits up to 5 seconds: launchctl returns before launchd has removed
        /// it.
        private func unload() {
            _ = try? Subprocess.run(["launchctl", "bootout", "\(Self.domain)/\(LaunchAgent.label)"])
            for _ in 0..<500 where isLoaded { CurrentProcess.pause(milliseconds: 10) }
        }
    #endif

    /// Throws when the user's service manager does not answer.
    package func checkManager() throws(SystemError) {
        #if os(Linux)
            let query = ["systemctl", "--user", "show-environment"]
        #else
            let query = ["launchctl", "print", Self.domain]
        #endif
        let reason: String
        do {
            let outcome = try Subprocess.run(query)
            if outcome.status == 0 { return }
            reason = outcome.firstLine
        } catch {
            reason = error.reason
        }
        throw SystemError(.serviceManagerUnavailable(command: query.joined(separator: " "), reason: reason))
    }

    /// Runs systemctl or launchctl with `arguments`. Throws when it fails.
    private func runManager(_ arguments: String...) throws(SystemError) {
        #if os(Linux)
            let command = ["systemctl", "--user"] + arguments
        #else
            let command = ["launchctl"] + arguments
        #endif
        let reason: String
        do {
            let outcome = try Subprocess.run(command)
            if outcome.status == 0 { return }
            reason = outcome.firstLine
        } catch {
            reason = error.reason
        }
        throw SystemError(
            .commandFailed(command.joined(separator: " "), reason: reason),
            of: arguments.last ?? ""
        )
    }

    #if !os(Linux)
        /// The launchd domain of the user's graphical session.
        private static var domain: String { "gui/\(CurrentProcess.userID)" }
    #endif
}
