import ArgumentParser
import PortAPI

struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List current allocations.",
        discussion: "Lists the allocations of the current project, unless --app or --all is given."
    )

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
        if all && app != nil { throw ValidationError("--all and --app cannot be combined") }
    }

    func run() throws {
        var query = [("instance", instance), ("service", service), ("wide", wide ? "true" : nil)]
        var name: String?
        if !all {
            var options = ProjectOptions()
            options.app = app
            options.instance = instance
            let project = try options.resolved()
            name = project.app
            query += [("app", project.app), ("root", project.directories?.root)]
        }
        let session = try Session()
        let allocations = try session.send("GET", Paths.allocations + Paths.query(query), as: [AllocationBody].self)
        if wide { try session.warnIfElsewhere() }
        if allocations.isEmpty && !json {
            let which = name.map { "no allocations of \"\($0)\"; portctl list --all lists every application's" }
            return Output.note(which ?? "no allocations")
        }
        try Output.result(allocations, asJSON: json, text: Table(of: allocations, wide: wide).rendered())
    }
}
