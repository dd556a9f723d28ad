import ArgumentParser
import PortAPI
import PortClient
import PortModel

struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List current allocations.",
        discussion: "Lists the allocations of the current project, unless another application or --all is given.",
        aliases: ["ls"]
    )

    @Argument(help: ArgumentHelp("Application, as with --app.", valueName: "app"))
    var name: String?

    @Option(help: "Filter by application. (default: git repository or directory name)")
    var app: String?

    @Option(help: "Filter by instance.")
    var instance: String?

    @Option(help: "Filter by service.")
    var service: String?

    @Flag(help: "List the allocations of all applications.")
    var all = false

    @Flag(help: "Also show state, holds, owner and directory.")
    var wide = false

    @Flag(help: "Output as JSON instead of a table.")
    var json = false

    func validate() throws {
        try ProjectOptions.check(app: name ?? app, instance: instance, service: service)
        if name != nil && app != nil { throw ValidationError("give the application once: by name or with --app") }
        if all && app != nil { throw ValidationError("--all and --app cannot be combined") }
        if all && name != nil { throw ValidationError("--all and an application cannot be combined") }
    }

    func run() throws {
        var query = AllocationQuery(instance: instance, service: service, wide: wide)
        var listed: String?
        if !all {
            var options = ProjectOptions()
            options.app = name ?? app
            options.instance = instance
            let project = try options.resolved()
            listed = project.app
            (query.app, query.root, query.rootID) =
                (project.app, project.directories?.root, project.directories?.rootID)
        }
        let session = try Session()
        let allocations = try session.allocations.list(query)
        if wide { try session.warnIfElsewhere() }
        if allocations.isEmpty && !json {
            return Output.note(nothingListed(of: listed))
        }
        for allocation in allocations { allocation.explainRemovedDirectories() }
        let display = Display.standardOutput
        let table = Table(of: allocations, wide: wide, for: display)
        try Output.result(allocations, asJSON: json, text: table.rendered(for: display))
    }

    /// Says what no allocation matches, with all filters, and which command looks further.
    private func nothingListed(of app: String?) -> String {
        let filters = [
            app.map { "of \"\($0)\"" }, instance.map { "in instance \"\($0)\"" },
            service.map { "with service \"\($0)\"" },
        ].compactMap(\.self)
        let message = (["no allocations"] + filters).joined(separator: " ")
        guard app != nil else {
            return filters.isEmpty ? message : "\(message); portctl list --all lists everything"
        }
        guard let service else { return "\(message); portctl list --all lists every application's" }
        return "\(message); portctl list --all --service \(service.shellQuoted) looks in every application"
    }
}
