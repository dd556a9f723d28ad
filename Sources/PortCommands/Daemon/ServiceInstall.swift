import ArgumentParser
import PortClient
import PortSystem

struct ServiceInstall: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Start the daemon now and at every login."
    )

    @Flag(help: "Only print the file that would be written.")
    var dryRun = false

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws {
        let service = try LoginService.forCommand()
        let path = try mappingErrors { () throws(SystemError) in try service.path }
        if dryRun {
            let report = ServiceReport(unit: path, text: service.text)
            return try Output.result(report, asJSON: json, text: service.text)
        }
        try mappingErrors { () throws(SystemError) in
            try service.checkManager()
            try service.register()
        }
        // Only one daemon can have the home, so stop one that the manager did not start.
        let status = try mappingErrors { () throws(SystemError) in try service.status }
        if let daemon = service.home.daemon, !status.isRunning || daemon.pid != status.pid { try stop(of: service) }
        try mappingErrors { () throws(SystemError) in try service.restart() }
        try waitForDaemon(of: service)
        SandboxNote.printIfNeeded(home: service.home)
        let report = ServiceReport(unit: path, status: "installed")
        let note = "port-server is running and starts at every login"
        try Output.result(report, asJSON: json, text: "installed \(path)\n\(note)")
    }

    private func stop(of service: LoginService) throws {
        do throws(ClientError) {
            if case .stillRunning(let pid) = try DaemonLauncher(home: service.home).stop() {
                throw .notStarted(
                    "port-server (pid \(pid)) is already running and does not stop",
                    subject: "\(pid)",
                    hint: "kill \(pid)"
                )
            }
        } catch {
            throw Failure(error)
        }
    }

    /// Returns when the manager's daemon, and no other one, has the home. Throws ``Failure`` after ten seconds.
    private func waitForDaemon(of service: LoginService) throws {
        let deadline = ContinuousClock.now + .seconds(10)
        // Each question to the manager is a process. The pauses between them grow, so that they remain few.
        var pause: Duration = .milliseconds(50)
        while ContinuousClock.now < deadline {
            let status = try mappingErrors { () throws(SystemError) in try service.status }
            let next = min(deadline, .now + pause)
            repeat {
                if status.isRunning, let daemon = service.home.daemon, status.pid == nil || status.pid == daemon.pid {
                    return
                }
                CurrentProcess.pause(milliseconds: 10)
            } while ContinuousClock.now < next
            pause *= 2
        }
        throw Failure(
            "the service was installed, but its port-server does not start",
            hint: "see: systemctl --user status portctl (on macOS: \(service.home.logPath))",
            code: "not_started"
        )
    }
}
