import ArgumentParser
import PortAPI
import PortClient
import PortModel

struct GroupRelease: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "Release all ports of a group."
    )

    @Argument(help: ArgumentHelp("Id of the group.", valueName: "id"))
    var name: String?

    @Option(help: "Id of the group.")
    var id: String?

    @Flag(help: "Output as JSON.")
    var json = false

    func validate() throws {
        guard let id = name ?? id else { throw ValidationError("Missing expected argument '<id>'") }
        if name != nil && self.id != nil { throw ValidationError("give the id once: alone or with --id") }
        if id.isEmpty { throw ValidationError("id must not be blank") }
    }

    func run() throws {
        let id = name ?? id ?? ""
        let group = try Session().groups.release(id: id)
        ProjectScope.explain(released: group.allocations, by: try? ProjectOptions.none.resolved())
        let ports = group.allocations.map { "\($0.port)" }.joined(separator: ", ")
        try Output.result(group, asJSON: json, text: "released group \(group.id): \(ports)")
    }
}
