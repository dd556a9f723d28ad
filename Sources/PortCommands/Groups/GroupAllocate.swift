import ArgumentParser
import PortAPI
import PortClient
import PortModel

struct GroupAllocate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "allocate",
        abstract: "Allocate several ports, all or none.",
        discussion: "A role is the service name of a port; a repeated role has replicas."
    )

    @Argument(help: "Number of ports, 1 to 1000.")
    var count: Int

    @Option(help: "Comma-separated service names, one per port. (default: unnamed)")
    var roles: String?

    @OptionGroup var project: ProjectOptions

    @Flag(help: "Allocate consecutive ports.")
    var contiguous = false

    @Option(help: "Range to choose from, such as 4000-4999.")
    var range: String?

    @Option(help: "KEY=VALUE to store with the ports; may be repeated.", transform: MetadataArgument.init)
    var metadata: [MetadataArgument] = []

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws {
        let project = try project.resolved()
        var body = GroupRequestBody(
            app: project.app,
            instance: project.instance,
            count: count,
            roles: roles.map(RoleList.names),
            project: project.directories
        )
        body.range = range
        if contiguous { body.contiguous = true }
        body.metadata = metadata.dictionary?.mapValues(JSONValue.text)
        let group = try Session().groups.create(body)
        Output.warn(group.warnings)
        let head = "allocated group \(group.id) for \(group.app)/\(group.instance)"
        try Output.result(group, asJSON: json, text: ([head] + group.lines(indent: "  ")).joined(separator: "\n"))
    }
}
