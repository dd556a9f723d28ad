import ArgumentParser
import PortAPI

struct Lookup: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the port of a service without allocating one.",
        discussion: """
            Finds the service in the current project, otherwise the only other service of that name on this machine. \
            Exit code 1 if the name is unknown or ambiguous.
            """
    )

    @Argument(help: "Service of the current project, any service name, or app/instance/service.")
    var name: String

    @OptionGroup var project: ProjectOptions

    @Flag(help: "Print the ports of all replicas, one per line.")
    var all = false

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws {
        let service = try Session().send(
            "GET",
            Paths.service(name) + project.resolved().scope,
            as: ServiceBody.self
        )
        for warning in service.warnings ?? [] { Output.note("warning: \(warning)") }
        let ports = all ? service.allPorts : [service.port]
        try Output.result(service, asJSON: json, text: ports.map(String.init).joined(separator: "\n"))
    }
}
