import ArgumentParser
import PortAPI
import PortClient
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
        let path = try mappingErrors { () throws(SystemError) in try service.path }
        let status = try mappingErrors { () throws(SystemError) in try service.status }
        var report = ServiceReport(unit: status.unit ?? path)
        report.installed = status.isInstalled
        report.enabled = status.isEnabled
        report.running = status.isRunning
        let answer = answer(of: service.home, into: &report)
        let lines = [
            status.isInstalled
                ? "installed:  \(path)"
                : status.unit.map { "installed:  \($0), not by this command" } ?? "not installed",
            "at login:   \(status.isEnabled ? "started" : "not started")",
            "now:        \(status.isRunning ? "running as a service" : "not running as a service")",
            "answers:    \(answer)",
        ]
        try Output.result(report, asJSON: json, text: lines.joined(separator: "\n"))
    }

    /// Whether and where the home's daemon answers, whoever has started it.
    private func answer(of home: HomeDirectory, into report: inout ServiceReport) -> String {
        do throws(ClientError) {
            let status = try PortClient(address: .home(home), policy: .wait).daemon.status()
            report.answers = true
            report.pid = status.pid
            report.addresses = status.addresses.filter { $0.state == "open" }.map(\.address)
            let urls = (report.addresses ?? []).map { "http://\($0)" }
            return "yes (pid \(status.pid)), at \(([status.socket] + urls).joined(separator: " and "))"
        } catch {
            report.answers = false
            report.error = error.message
            return "no: \(error.message)"
        }
    }
}
