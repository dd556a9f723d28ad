package import PortModel

/// The daemon as something that the user's own service manager starts at every login: systemd's on Linux, launchd on
/// macOS.
package struct LoginService: Sendable {
    /// What is known of it.
    package struct Status: Hashable, Sendable {
        /// Whether its file is there.
        package var isInstalled: Bool
        /// Whether it starts at the next login.
        package var isEnabled: Bool
        /// Whether the manager runs it now.
        package var isRunning: Bool
    }

    /// Absolute path of port-server.
    package let executable: String
    package let home: HomeFolder

    package init(executable: String, home: HomeFolder) {
        self.executable = executable
        self.home = home
    }

    /// The file that describes the service to the manager. Throws `invalid_request` without a home folder.
    package var path: String {
        get throws(RegistryError) {
            #if os(Linux)
                if let folder = HomeFolder.environment("XDG_CONFIG_HOME") {
                    return "\(folder)/systemd/user/\(SystemdUnit.name)"
                }
                return "\(try Self.userFolder)/.config/systemd/user/\(SystemdUnit.name)"
            #else
                return "\(try Self.userFolder)/Library/LaunchAgents/\(LaunchAgent.label).plist"
            #endif
        }
    }

    private static var userFolder: String {
        get throws(RegistryError) {
            guard let folder = HomeFolder.environment("HOME") else {
                throw RegistryError(.invalidRequest, "HOME is not set", subject: "HOME")
            }
            return folder
        }
    }

    /// What the file says.
    package var text: String {
        // The usual home needs no word.
        let home = home == (try? HomeFolder.usual()) ? nil : home.path
        #if os(Linux)
            return SystemdUnit.text(executable: executable, home: home)
        #else
            return LaunchAgent.text(executable: executable, home: home, log: self.home.logPath)
        #endif
    }

    /// Writes the file, and has the manager start the service now and at every login. Throws `machine_busy` when it
    /// refuses.
    package func install() throws(RegistryError) {
        let path = try path
        do {
            try PlainFile.makeFolders(of: path)
            try PlainFile.replace(path, with: Array(text.utf8))
        } catch {
            throw RegistryError(.invalidRequest, "\(path) cannot be written: \(error.reason)", subject: path)
        }
        #if os(Linux)
            try manage("daemon-reload")
            try manage("enable", SystemdUnit.name)
            // One that runs already reads the new file.
            try manage("restart", SystemdUnit.name)
        #else
            // One that is loaded already must go first; that none is loaded is fine.
            _ = try? Subprocess.run(["launchctl", "bootout", "\(Self.domain)/\(LaunchAgent.label)"])
            try manage("bootstrap", Self.domain, path)
        #endif
    }

    /// Ends the service, and removes its file. Returns whether there was one. Throws as ``install()``.
    package func uninstall() throws(RegistryError) -> Bool {
        let path = try path
        guard try status.isInstalled else { return false }
        // Without a manager nothing runs, and the file is all there is.
        if (try? checkManager()) != nil {
            #if os(Linux)
                try manage("disable", "--now", SystemdUnit.name)
            #else
                _ = try? Subprocess.run(["launchctl", "bootout", "\(Self.domain)/\(LaunchAgent.label)"])
            #endif
        }
        PrivateFile.remove(path)
        #if os(Linux)
            _ = try? Subprocess.run(["systemctl", "--user", "daemon-reload"])
        #endif
        return true
    }

    /// What is so now; without a manager nothing runs.
    package var status: Status {
        get throws(RegistryError) {
            let isInstalled = SmallFile.text(at: try path) != nil
            #if os(Linux)
                return Status(
                    isInstalled: isInstalled,
                    isEnabled: says(["systemctl", "--user", "is-enabled", "--quiet", SystemdUnit.name]),
                    isRunning: says(["systemctl", "--user", "is-active", "--quiet", SystemdUnit.name])
                )
            #else
                let isLoaded = says(["launchctl", "print", "\(Self.domain)/\(LaunchAgent.label)"])
                return Status(isInstalled: isInstalled, isEnabled: isInstalled, isRunning: isLoaded)
            #endif
        }
    }

    /// Throws `machine_busy` when the user has no service manager.
    package func checkManager() throws(RegistryError) {
        #if os(Linux)
            let question = ["systemctl", "--user", "show-environment"]
        #else
            let question = ["launchctl", "print", Self.domain]
        #endif
        let why: String
        do {
            let answer = try Subprocess.run(question)
            if answer.status == 0 { return }
            why = answer.firstLine
        } catch {
            why = error.reason
        }
        throw RegistryError(
            .machineBusy,
            "no service manager of this user answers (\(question.joined(separator: " ")): \(why))",
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
        throw RegistryError(.machineBusy, "\(command.joined(separator: " ")) failed: \(why)", subject: words.last)
    }

    private func says(_ question: [String]) -> Bool { (try? Subprocess.run(question))?.status == 0 }

    #if !os(Linux)
        /// Of the user's own session.
        private static var domain: String { "gui/\(PeerOwner.currentUserID)" }
    #endif
}
