import ArgumentParser
import PortSystem

struct ServiceUninstall: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uninstall",
        abstract: "Stop the service and no longer start the daemon at login."
    )

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws {
        let service = try LoginService.forCommand()
        guard let (file, isRemoved) = try mappingErrors({ () throws(SystemError) in try service.unregister() }) else {
            throw Failure(
                "the service is not installed",
                hint: "install it with: portctl service install",
                code: "not_installed"
            )
        }
        let daemon =
            if let other = service.home.daemon {
                "port-server\(other.pid.map { " (pid \($0))" } ?? "") keeps running: "
                    + "the service manager did not start it"
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
