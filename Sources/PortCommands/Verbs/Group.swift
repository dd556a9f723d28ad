internal import ArgumentParser
internal import PortAPI
internal import PortModel

struct Group: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Ports that are allocated together, all or none.",
        subcommands: [GroupAllocate.self, GroupList.self, GroupRelease.self]
    )
}

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
            project: project.folders
        )
        body.range = range
        if contiguous { body.contiguous = true }
        body.metadata = metadata.dictionary
        let group = try Session().ask("POST", Paths.groups, body: body, as: GroupBody.self)
        project.explain(group.app)
        for warning in group.warnings ?? [] { Output.note("warning: \(warning)") }
        let head = "allocated group \(group.id) for \(group.app)/\(group.instance)"
        try Output.result(group, asJSON: json, text: ([head] + group.lines(indent: "  ")).joined(separator: "\n"))
    }
}

struct GroupList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the groups of the current project.",
        discussion: "Or of another one with --app, or of every one with --all."
    )

    @Option(help: "Filter by application. (default: git repository or folder name)")
    var app: String?

    @Option(help: "Filter by instance.")
    var instance: String?

    @Flag(help: "List every application's groups.")
    var all = false

    @Flag(help: "Output as JSON instead of a table.")
    var json = false

    func validate() throws {
        if all && app != nil { throw ValidationError("--all and --app exclude each other") }
    }

    func run() throws {
        var query = [("instance", instance)]
        if !all {
            var options = ProjectOptions()
            options.app = app
            options.instance = instance
            let project = try options.resolved()
            query += [("app", project.app), ("root", project.folders?.root)]
        }
        let groups = try Session().ask("GET", Paths.groups + Paths.query(query), as: [GroupBody].self)
        if groups.isEmpty && !json { return Output.note(all ? "no groups" : "no groups here; see --all") }
        var table = Table(["GROUP", "APP", "INSTANCE", "PORTS"])
        for group in groups {
            let ports = group.allocations.map { "\($0.service)=\($0.port)" }.joined(separator: " ")
            table.add([group.id, group.app, group.instance, ports])
        }
        try Output.result(groups, asJSON: json, text: table.rendered())
    }
}

struct GroupRelease: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "Release a group's ports."
    )

    @Argument(help: "The group's id.")
    var id: String

    @Flag(help: "Output as JSON.")
    var json = false

    func validate() throws {
        if id.isEmpty { throw ValidationError("id must not be blank") }
    }

    func run() throws {
        let group = try Session().ask("DELETE", Paths.group(id), as: GroupBody.self)
        let ports = group.allocations.map { "\($0.port)" }.joined(separator: ", ")
        try Output.result(group, asJSON: json, text: "released group \(group.id): \(ports)")
    }
}

extension GroupBody {
    /// `frontend: 43114`.
    func lines(indent: String = "") -> [String] {
        allocations.map { "\(indent)\($0.service.oneLine): \($0.port)" }
    }
}

/// Roles on the command line.
enum RoleList {
    static func names(_ text: String) -> [String] {
        text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
}

/// `KEY=VALUE` on the command line.
struct MetadataArgument: Sendable {
    let key: String
    let value: String

    @Sendable init(_ text: String) throws {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else {
            throw ValidationError("metadata must be KEY=VALUE, not \"\(text)\"")
        }
        key = String(parts[0])
        value = String(parts[1])
    }
}

extension [MetadataArgument] {
    /// `nil` for none; the last of several with one key counts.
    var dictionary: [String: String]? {
        isEmpty ? nil : Dictionary(map { ($0.key, $0.value) }) { _, last in last }
    }
}
