import ArgumentParser
import PortModel
import PortSystem

struct ServiceStatus: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show whether the daemon is installed as a service.",
        discussion: "The exit code is always 0."
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
