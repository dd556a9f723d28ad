import ArgumentParser
import PortAPI
import PortModel

struct GroupAllocate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "allocate",
        abstract: "Allocate several ports, or none.",
        discussion: "A role is the port's service name; one that repeats has replicas."
    )

    @Argument(help: "How many ports, 1 to 1000.")
    var count: Int

    @Option(help: "The services' names, with commas; one for each port. (default: without names)")
    var roles: String?

    @OptionGroup var project: ProjectOptions

    @Flag(help: "Ports that follow one another.")
    var contiguous = false

    @Option(help: "Ports to choose from, such as 4000-4999.")
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
        body.metadata = metadata.dictionary
        let group = try Session().send("POST", Paths.groups, body: body, as: GroupBody.self)
        project.explain(group.app)
        for warning in group.warnings ?? [] { Output.note("warning: \(warning)") }
        let head = "allocated group \(group.id) for \(group.app)/\(group.instance)"
        try Output.result(group, asJSON: json, text: ([head] + group.lines(indent: "  ")).joined(separator: "\n"))
    }
}
