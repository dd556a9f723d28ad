package import PortModel

/// The daemon as something that the user's own service manager starts at every login: systemd's on Linux, launchd on
/// macOS.
package struct LoginService: Sendable {
    /// What is known of it.
    package struct Status: Hashable, Sendable {
        /// Whether our file is there.
        package var isInstalled = false
        /// The file that the manager goes by, which may be a package's; `nil` without one.
        package var unit: String?
        /// Whether it starts at the next login.
        package var isEnabled = false
        /// Whether the manager runs it now.
        package var isRunning = false
        /// The daemon that the manager runs; `nil` where it does not tell.
        package var pid: Int32?
    }

    /// Absolute path of port-server.
    package let executable: String
    package let home: HomeDirectory

    package init(executable: String, home: HomeDirectory) {
        self.executable = executable
        self.home = home
    }

    /// The file that describes the service to the manager. Throws `invalid_request` without a home directory.
    package var path: String {
        get throws(RegistryError) {
            #if os(Linux)
                return "\(try Self.unitDirectory)/\(SystemdUnit.name)"
            #else
                return "\(try Self.userDirectory)/Library/LaunchAgents/\(LaunchAgent.label).plist"
            #endif
        }
    }

    /// What makes the manager start it at logins: the file itself, or a link to it.
    private var reasonToStart: String {
        get throws(RegistryError) {
            #if os(Linux)
                return "\(try Self.unitDirectory)/\(SystemdUnit.target).wants/\(SystemdUnit.name)"
            #else
                return try path
            #endif
        }
    }

    #if os(Linux)
        private static var unitDirectory: String {
            get throws(RegistryError) {
                // The XDG specification ignores relative ones.
                if let directory = Environment.value("XDG_CONFIG_HOME"), directory.hasPrefix("/") {
                    return "\(directory)/systemd/user"
                }
                return "\(try userDirectory)/.config/systemd/user"
            }
        }
    #endif

    private static var userDirectory: String {
        get throws(RegistryError) {
            guard let directory = Environment.value("HOME") else {
                throw RegistryError(.invalidRequest, "HOME is not set", subject: "HOME")
            }
            return directory
        }
    }

    /// How the file names a home that is not the usual one.
    private var homeSetting: String {
        #if os(Linux)
            SystemdUnit.homeSetting(home.path)
        #else
            LaunchAgent.homeSetting(home.path)
        #endif
    }

    /// What the file says.
    package var text: String {
        // The usual home needs no word.
        let home = home == (try? HomeDirectory.usual()) ? nil : home.path
        #if os(Linux)
            return SystemdUnit.text(executable: executable, home: home)
        #else
            return LaunchAgent.text(executable: executable, home: home, log: self.home.logPath)
        #endif
    }

    /// Writes the file, and has the manager start the service at every login from the next one on. Throws
    /// `system_unavailable` when it refuses.
    package func register() throws(RegistryError) {
        let path = try path
        do {
            try PlainFile.makeDirectories(of: path)
            try PlainFile.replace(path, with: Array(text.utf8))
        } catch {
            throw RegistryError(.invalidRequest, "\(path) cannot be written: \(error.reason)", subject: path)
        }
        #if os(Linux)
            try manage("daemon-reload")
            try manage("enable", SystemdUnit.name)
        #endif
    }

    /// Has the manager start the service by its file, again if it runs. Throws as ``register()``.
    package func restart() throws(RegistryError) {
        #if os(Linux)
            try manage("restart", SystemdUnit.name)
        #else
            unload()
            try manage("bootstrap", Self.domain, try path)
        #endif
    }

    /// Whether the manager starts the daemon of this home at logins, so that it is for the manager to start at other
    /// times, too. Asks nobody.
    package var isResponsible: Bool {
        guard let file = try? reasonToStart, let text = SmallFile.text(at: file) else { return false }
        return home == (try? HomeDirectory.usual()) ? !text.contains("PORT_SERVER_HOME") : text.contains(homeSetting)
    }

    /// Has the manager start the service, unless it runs. Throws as ``register()``.
    package func start() throws(RegistryError) {
        #if os(Linux)
            try manage("start", SystemdUnit.name)
        #else
            try manage("kickstart", "\(Self.domain)/\(LaunchAgent.label)")
        #endif
    }

    /// Ends the service, and removes its file; one of a package's is only ended and no longer started. Returns the
    /// file, and whether it was removed; `nil` when there is none. Throws as ``register()``.
    package func unregister() throws(RegistryError) -> (file: String, isRemoved: Bool)? {
        let path = try path
        let status = try status
        guard status.isInstalled || status.isEnabled else { return nil }
        // Without a manager nothing runs, and the files are all there is.
        if (try? checkManager()) != nil {
            #if os(Linux)
                try manage("disable", "--now", SystemdUnit.name)
            #else
                unload()
            #endif
        }
        guard status.isInstalled else { return (status.unit ?? SystemdUnit.name, false) }
        PrivateFile.remove(try reasonToStart)
        PrivateFile.remove(path)
        #if os(Linux)
            _ = try? Subprocess.run(["systemctl", "--user", "daemon-reload"])
        #endif
        return (path, true)
    }

    /// What is so now; without a manager nothing runs.
    package var status: Status {
        get throws(RegistryError) {
            var status = Status(isInstalled: SmallFile.text(at: try path) != nil)
            #if os(Linux)
                let names = ["FragmentPath", "UnitFileState", "ActiveState", "MainPID"]
                let query = ["systemctl", "--user", "show", "--property=\(names.joined(separator: ","))"]
                let answer = try? Subprocess.run(query + [SystemdUnit.name])
                var facts: [Substring: Substring] = [:]
                for line in answer?.output.split(separator: "\n") ?? [] where answer?.status == 0 {
                    let parts = line.split(separator: "=", maxSplits: 1)
                    if parts.count == 2 { facts[parts[0]] = parts[1] }
                }
                status.unit = facts["FragmentPath"].map { String($0) }
                status.isEnabled = facts["UnitFileState"] == "enabled"
                status.isRunning = facts["ActiveState"] == "active"
                status.pid = facts["MainPID"].flatMap { Int32($0) }.flatMap { $0 > 0 ? $0 : nil }
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

        /// That none is loaded is fine; one that is goes a moment after launchctl's answer.
        private func unload() {
            _ = try? Subprocess.run(["launchctl", "bootout", "\(Self.domain)/\(LaunchAgent.label)"])
            for _ in 0..<500 where isLoaded { CurrentProcess.pause(milliseconds: 10) }
        }
    #endif

    /// Throws `system_unavailable` when the user has no service manager.
    package func checkManager() throws(RegistryError) {
        #if os(Linux)
            let query = ["systemctl", "--user", "show-environment"]
        #else
            let query = ["launchctl", "print", Self.domain]
        #endif
        let why: String
        do {
            let answer = try Subprocess.run(query)
            if answer.status == 0 { return }
            why = answer.firstLine
        } catch {
            why = error.reason
        }
        throw RegistryError(
            .systemUnavailable,
            "no service manager of this user answers (\(query.joined(separator: " ")): \(why))",
            hint: "the daemon needs none: every command starts it, and so does \"portctl start\" in a login script"
        )
    }

    private func manage(_ words: String...) throws(RegistryError) {
        #if os(Linux)
            let command = ["systemctl", "--user"] + words
        #else
            let command = ["launchctl"] + words
        #endif
        let why: String
        do {
            let answer = try Subprocess.run(command)
            if answer.status == 0 { return }
            why = answer.firstLine
        } catch {
            why = error.reason
        }
        throw RegistryError(.systemUnavailable, "\(command.joined(separator: " ")) failed: \(why)", subject: words.last)
    }

    #if !os(Linux)
        /// Of the user's own session.
        private static var domain: String { "gui/\(PeerCredentials.currentUserID)" }
    #endif
}
