import ArgumentParser
import PortClient
import PortModel
import PortSystem

struct Service: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Have the daemon started at every login.",
        discussion: "By systemd's user manager, or launchd on macOS. Nothing needs it: commands start the daemon, too.",
        subcommands: [ServiceInstall.self, ServiceUninstall.self, ServiceStatus.self]
    )
}

struct ServiceInstall: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Start the daemon now, by the service manager, and at every login."
    )

    @Flag(help: "Only show the file that would be written.")
    var dryRun = false

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws {
        let service = try LoginService.forCommand()
        let path = try mappingErrors { () throws(RegistryError) in try service.path }
        if dryRun {
            let report = ServiceReport(unit: path, text: service.text)
            return try Output.result(report, asJSON: json, text: service.text)
        }
        try mappingErrors { () throws(RegistryError) in
            try service.checkManager()
            try service.register()
        }
        // The manager's daemon needs the home for itself.
        let status = try mappingErrors { () throws(RegistryError) in try service.status }
        if let daemon = service.home.daemon, !status.isRunning || daemon.pid != status.pid { try stop(of: service) }
        try mappingErrors { () throws(RegistryError) in try service.restart() }
        try waitForDaemon(of: service)
        let report = ServiceReport(unit: path, status: "installed")
        try Output.result(report, asJSON: json, text: "installed \(path)\nport-server runs, and starts at every login")
    }

    private func stop(of service: LoginService) throws {
        do throws(ClientError) {
            if case .stillRunning(let pid) = try DaemonLauncher(home: service.home).stop() {
                throw .notStarted("port-server (pid \(pid)) runs already, and does not stop", hint: "kill \(pid)")
            }
        } catch {
            throw Failure(error)
        }
    }

    /// Until the manager's daemon, and no other one, has the home.
    private func waitForDaemon(of service: LoginService) throws {
        let deadline = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < deadline {
            if let daemon = service.home.daemon {
                let status = try mappingErrors { () throws(RegistryError) in try service.status }
                if status.isRunning, status.pid == nil || status.pid == daemon.pid { return }
            }
            CurrentProcess.pause(milliseconds: 10)
        }
        throw Failure(
            "the service was installed, but its port-server does not come up",
            hint: "see: systemctl --user status portctl (on macOS: \(service.home.logPath))"
        )
    }
}

struct ServiceUninstall: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uninstall",
        abstract: "End the service, and start the daemon at logins no more."
    )

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws {
        let service = try LoginService.forCommand()
        guard let (file, isRemoved) = try mappingErrors({ () throws(RegistryError) in try service.unregister() }) else {
            throw Failure("the service is not installed", hint: "install it with: portctl service install")
        }
        let daemon =
            if let left = service.home.daemon {
                "port-server\(left.pid.map { " (pid \($0))" } ?? "") runs on: no service manager has started it"
            } else {
                "port-server is stopped; the next command that needs it starts it"
            }
        try Output.result(
            ServiceReport(unit: file, status: isRemoved ? "uninstalled" : "disabled"),
            asJSON: json,
            text: "\(isRemoved ? "removed" : "disabled") \(file)\n\(daemon)"
        )
    }
}

struct ServiceStatus: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show whether the daemon is installed as a service.",
        discussion: "Exit code 0, always."
    )

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws {
        let service = try LoginService.forCommand()
        let path = try mappingErrors { () throws(RegistryError) in try service.path }
        let status = try mappingErrors { () throws(RegistryError) in try service.status }
        var report = ServiceReport(unit: status.unit ?? path)
        report.installed = status.isInstalled
        report.enabled = status.isEnabled
        report.running = status.isRunning
        let lines = [
            status.isInstalled
                ? "installed:  \(path)"
                : status.unit.map { "installed:  \($0), not by this command" } ?? "not installed",
            "at login:   \(status.isEnabled ? "started" : "not started")",
            "now:        \(status.isRunning ? "running as a service" : "not running as a service")",
        ]
        try Output.result(report, asJSON: json, text: lines.joined(separator: "\n"))
    }
}

private struct ServiceReport: Encodable {
    var unit: String
    var status: String?
    var text: String?
    var installed: Bool?
    var enabled: Bool?
    var running: Bool?
}

private func mappingErrors<Value>(_ body: () throws(RegistryError) -> Value) throws -> Value {
    do { return try body() } catch { throw Failure(error) }
}

extension LoginService {
    /// Of the port-server beside this program, and the home that the environment names.
    fileprivate static func forCommand() throws -> LoginService {
        guard let directory = CurrentProcess.executableDirectory else { throw Failure("this program's directory is unknown") }
        // Package managers keep the command's path, and change what it leads to.
        let executable = Environment.command("port-server", leadingTo: "\(directory)/port-server")
        return LoginService(executable: executable ?? "\(directory)/port-server", home: try HomeDirectory.forCommand())
    }
}
