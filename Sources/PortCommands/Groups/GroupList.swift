import ArgumentParser
import PortAPI
import PortClient
import PortModel

struct GroupList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the groups of the current project.",
        discussion: "Lists those of another application with its name, and all groups with --all.",
        aliases: ["ls"]
    )

    @Argument(help: ArgumentHelp("Application, as with --app.", valueName: "app"))
    var name: String?

    @Option(help: "Filter by application. (default: git repository or directory name)")
    var app: String?

    @Option(help: "Filter by instance.")
    var instance: String?

    @Flag(help: "List the groups of all applications.")
    var all = false

    @Flag(help: "Output as JSON instead of a table.")
    var json = false

    func validate() throws {
        try ProjectOptions.check(app: name ?? app, instance: instance)
        if name != nil && app != nil { throw ValidationError("give the application once: by name or with --app") }
        if all && app != nil { throw ValidationError("--all and --app cannot be combined") }
        if all && name != nil { throw ValidationError("--all and an application cannot be combined") }
    }

    func run() throws {
        var query = AllocationQuery(instance: instance)
        if !all {
            var options = ProjectOptions()
            options.app = name ?? app
            options.instance = instance
            let project = try options.resolved()
            query = AllocationQuery(app: project.app, instance: instance, project: project.directories)
        }
        let groups = try Session().groups.list(query)
        if groups.isEmpty && !json {
            let which = name == nil && app == nil && instance == nil ? "in this project" : "that match"
            let hint = "portctl group list --all lists those of all applications"
            return Output.note(all ? "no groups" : "no groups \(which); \(hint)")
        }
        var table = Table([
            .init("GROUP"), .init("APP", rank: 1, minimum: 8), .init("INSTANCE", rank: 1, minimum: 8),
            .init("PORTS", minimum: 20, wraps: true),
        ])
        for group in groups {
            let ports = group.allocations.map { "\($0.service)=\($0.port)" }.joined(separator: " ")
            table.add([Table.Cell(group.id), Table.Cell(group.app), Table.Cell(group.instance), Table.Cell(ports)])
        }
        try Output.result(groups, asJSON: json, text: table.rendered(for: .standardOutput))
    }
}
