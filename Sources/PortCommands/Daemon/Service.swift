import ArgumentParser

struct Service: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Manage the service that starts the daemon at login.",
        discussion: """
            Uses systemd's user manager, or launchd on macOS. The service is optional: commands start the daemon when \
            they need it.
            """,
        subcommands: [ServiceInstall.self, ServiceUninstall.self, ServiceStatus.self]
    )
}
