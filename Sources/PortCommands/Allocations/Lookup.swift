import ArgumentParser
import PortAPI
import PortModel

struct Lookup: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the port of a service without allocating one.",
        discussion: """
            Finds the service in the current project, otherwise the only other service of that name on this machine. \
            Prints where the service really listens. Never prints the port of another server: exit code 3 if another \
            process listens there. With --claim, the allocated port is printed all the same. Exit code 1 if the name \
            is unknown or ambiguous.
            """
    )

    @Argument(help: "Service of the current project, any service name, or app/instance/service.")
    var name: String

    @OptionGroup var project: ProjectOptions

    @Flag(help: "Print the ports of all replicas, one per line.")
    var all = false

    @Flag(help: "Print the allocated port, whoever listens.")
    var claim = false

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
        let chosen = all ? service.allocations : Array(service.allocations.prefix(1))
        let foreign = claim ? [] : chosen.filter { $0.verdict == "foreign" }
        for allocation in chosen where allocation.verdict == "unknown" && !claim { allocation.explainUnknown() }
        if foreign.count == chosen.count, let first = foreign.first { throw first.foreignFailure(named: name) }
        let own = chosen.filter { $0.verdict != "foreign" || claim }
        var answer = service
        if !foreign.isEmpty {
            answer.allocations = service.allocations.filter { $0.verdict != "foreign" }
            answer.allPorts = answer.allocations.map(\.port)
        }
        let text = own.map { "\(claim ? $0.port : $0.place)" }.joined(separator: "\n")
        if !claim { for allocation in own { allocation.explainDrift() } }
        try Output.result(answer, asJSON: json, text: text)
        for allocation in foreign { Output.note("warning: \(allocation.foreignMessage)") }
        if !foreign.isEmpty { throw SilentFailure(exitCode: AnswerCode.foreign) }
    }
}
