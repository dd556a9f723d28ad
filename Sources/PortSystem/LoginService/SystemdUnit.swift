/// The unit file that runs the daemon as a service of systemd's user manager; systemd.service(5).
package enum SystemdUnit {
    package static let name = "portctl.service"
    /// The target that a login starts.
    static let target = "default.target"

    /// Returns the line of the unit file that sets PORT_SERVER_HOME.
    static func homeSetting(_ home: String) -> String { "Environment=\(quoted("PORT_SERVER_HOME=\(home)"))" }

    /// Returns the unit file. `home` is the value of PORT_SERVER_HOME, `nil` for the default home. All paths are
    /// absolute.
    ///
    /// The sandbox uses only settings that the kernel enforces per system call. Settings that need a mount namespace
    /// make the user manager create a user namespace, and from inside it the kernel does not let the daemon read the
    /// processes outside. LIBDISPATCH_LOG=NO stops libdispatch from logging to syslog that it may not set priorities.
    package static func text(executable: String, home: String?) -> String {
        let environment = home.map { "\n\(homeSetting($0))" } ?? ""
        return """
            [Unit]
            Description=Port registry of this user (portctl)
            StartLimitIntervalSec=30
            StartLimitBurst=5

            [Service]
            Type=exec
            ExecStart=\(quoted(executable))\(environment)
            Environment=LIBDISPATCH_LOG=NO
            Restart=on-failure
            RestartSec=1
            TimeoutStopSec=10
            UMask=0077
            NoNewPrivileges=yes
            LockPersonality=yes
            MemoryDenyWriteExecute=yes
            RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
            RestrictNamespaces=yes
            RestrictRealtime=yes
            RestrictSUIDSGID=yes
            SystemCallArchitectures=native
            SystemCallFilter=@system-service
            SystemCallFilter=~@aio @keyring @memlock @privileged @resources @setuid
            SystemCallFilter=setrlimit prlimit64
            SystemCallErrorNumber=EPERM

            [Install]
            WantedBy=\(target)

            """
    }

    /// Quotes one word of a unit file and doubles `%`, which begins a specifier; systemd.syntax(7). A `$` needs no
    /// escape in the path of a program and in `Environment=`.
    private static func quoted(_ text: String) -> String {
        let escaped = text.map { character in
            switch character {
            case "%": "%%"
            case "\"", "\\": "\\\(character)"
            default: String(character)
            }
        }
        return "\"\(escaped.joined())\""
    }
}
