import ArgumentParser
import PortAPI

struct Lookup: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the port of a service that has one.",
        discussion: """
            The current project's service, else the one other service of that name on this machine. Allocates nothing. \
            Exit code 1 when the name is unknown, or could be several services.
            """
    )

    @Argument(help: "Service of the current project, any service's name, or app/instance/service.")
    var name: String

    @OptionGroup var project: ProjectOptions

    @Flag(help: "Print the ports of all replicas, one a line.")
    var all = false

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws {
        let service = try Session().send(
            "GET",
            Paths.service(name) + project.resolved().scope,
            as: ServiceBody.self
        )
        let ports = all ? service.allPorts : [service.port]
        try Output.result(service, asJSON: json, text: ports.map(String.init).joined(separator: "\n"))
    }
}
