/// The daemon as a unit of systemd's user manager.
package enum SystemdUnit {
    package static let name = "portctl.service"
    /// What a login starts.
    static let target = "default.target"

    /// The line that names a home.
    static func homeSetting(_ home: String) -> String { "Environment=\(quoted("PORT_SERVER_HOME=\(home)"))" }

    /// `home`: what PORT_SERVER_HOME is to be; `nil` for the usual one. Paths are absolute.
    ///
    /// The sandbox is made of what the kernel checks by call: anything that needs a mount namespace makes a user
    /// namespace in a user manager, from which the kernel lets nobody look at the processes outside, and that is half
    /// of what the daemon does. libdispatch would complain to syslog that it may not set priorities.
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

    /// One word of a unit file: in quotes, with `%`, which begins a specifier, doubled; systemd.syntax(7). A `$` is
    /// itself in a program's path and in `Environment=`.
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
