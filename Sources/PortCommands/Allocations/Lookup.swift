import ArgumentParser
import PortAPI
import PortModel

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
        let service: ServiceBody
        do {
            service = try Session().service(named: name, in: project.resolved())
        } catch let failure as Failure where failure.code == "service_not_found" && Port(name) != nil {
            throw failure.hinting("\(name) is also a port: portctl who \(name) shows who listens on it")
        }
        Output.warn(service.warnings)
        for allocation in service.allocations { allocation.explainRemovedDirectories() }
        let ports = all ? service.allPorts : [service.port]
        try Output.result(service, asJSON: json, text: ports.map(String.init).joined(separator: "\n"))
    }
}
