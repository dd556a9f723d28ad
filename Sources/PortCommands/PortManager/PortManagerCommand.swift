import ArgumentParser
import PortAPI
import PortModel

/// `port-manager`, the command line of port-manager and PortManager (docs/compatibility.md). An option selects one
/// action.
struct PortManagerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "port-manager",
        abstract: "Acquire, release and manage ports.",
        discussion: "Without an action: acquire PORT (default: 3000), or the next free port of the 100 from PORT on.",
        version: Program.portManager.version
    )

    @Argument(help: "Port to acquire.", transform: PortArgument.required)
    var port: Int?

    @Option(help: "Service name of the port.")
    var label: String?

    @Option(
        parsing: .unconditional,
        help: .init("Release a port.", valueName: "port"),
        transform: PortArgument.required
    )
    var release: Int?

    @Flag(help: "List all allocations.")
    var list = false

    @Flag(help: "Allocate any free port.")
    var allocate = false

    @Option(parsing: .unconditional, help: .init("Allocate several ports, all or none.", valueName: "count"))
    var allocateGroup: Int?

    @Option(help: "With --allocate-group: comma-separated service names, one per port.")
    var roles: String?

    @Option(help: .init("Release all ports of a group.", valueName: "id"))
    var releaseGroup: String?

    @Option(
        parsing: .unconditional,
        help: .init("Reserve a specific port.", valueName: "port"),
        transform: PortArgument.required
    )
    var reserve: Int?

    @Flag(help: "With --reserve: kill the process that listens on the port.")
    var kill = false

    @Option(
        parsing: .unconditional,
        help: .init("Check if a port is in use.", valueName: "port"),
        transform: PortArgument.required
    )
    var probe: Int?

    @Option(
        parsing: .unconditional,
        help: .init("Show which process uses a port.", valueName: "port"),
        transform: PortArgument.required
    )
    var detect: Int?

    @Option(
        parsing: .unconditional,
        help: .init("Kill the process that uses a port.", valueName: "port"),
        transform: PortArgument.required
    )
    var killPort: Int?

    @Flag(help: "With --kill-port or --kill: send SIGKILL if SIGTERM does not close the port within three seconds.")
    var force = false

    @Flag(help: "Release every port that port-manager or its library allocated.")
    var cleanup = false

    @Flag(help: "Show all allocations by app, worktree and role.")
    var dashboard = false

    @Option(help: "Application that the port is for.")
    var app: String?

    @Option(help: "Worktree that the port is for.")
    var worktree: String?

    @Option(help: "Range to choose from, such as 4000-4999. (default: 3000-3999)")
    var range: String?

    @Option(help: "KEY=VALUE to store with the port; may be repeated.", transform: MetadataArgument.init)
    var metadata: [MetadataArgument] = []

    @Flag(help: "Output as JSON.")
    var json = false

    func validate() throws {
        let actions = [
            release != nil, list, allocate, allocateGroup != nil, releaseGroup != nil, reserve != nil, probe != nil,
            detect != nil, killPort != nil, cleanup, dashboard, port != nil,
        ]
        guard actions.count(where: \.self) <= 1 else { throw ValidationError("one action at a time") }
        if roles != nil && label != nil { throw ValidationError("--roles and --label exclude each other") }
        if releaseGroup == "" { throw ValidationError("--release-group needs a group's id") }
        if roles != nil && allocateGroup == nil { throw ValidationError("--roles goes with --allocate-group") }
        if kill && reserve == nil { throw ValidationError("--kill goes with --reserve") }
        if force && !kill && killPort == nil {
            throw ValidationError("--force goes with --kill-port, or with --reserve and --kill")
        }
        let allocates = allocate || allocateGroup != nil || reserve != nil || actions.allSatisfy { !$0 } || port != nil
        if !allocates && (label ?? app ?? worktree ?? range) != nil || !allocates && !metadata.isEmpty {
            throw ValidationError("--label, --app, --worktree, --range and --metadata go with what allocates")
        }
        if range != nil && reserve != nil { throw ValidationError("--range does not go with --reserve") }
    }

    func run() throws {
        let manager = PortManagerActions(session: try Session(quiet: json), asJSON: json)
        if let release { return try manager.release(release) }
        if list { return try manager.list() }
        if let allocateGroup {
            return try manager.allocateGroup(groupRequest(allocateGroup))
        }
        if let releaseGroup { return try manager.releaseGroup(releaseGroup) }
        if let reserve { return try manager.reserve(reserve, request: request(), kill: kill, force: force) }
        if let probe { return try manager.probe(probe) }
        if let detect { return try manager.detect(detect) }
        if let killPort { return try manager.kill(killPort, force: force) }
        if cleanup { return try manager.cleanUp() }
        if dashboard { return try manager.dashboard() }
        try manager.allocate(allocate ? request() : acquisition(port ?? 3000))
    }

    /// A request for another port of the service that the options name.
    private func request() throws -> AllocateBody {
        let identity = try identity(role: label ?? identityMetadata["role"])
        var body = AllocateBody(app: identity.app, instance: identity.instance, service: identity.service)
        body.face = Face.manager.rawValue
        body.further = true
        body.range = range
        body.metadata = storedMetadata
        return body
    }

    /// A request for this port or the next free one of the 100 from it on, as `acquirePort` of port-manager searches.
    private func acquisition(_ port: Int) throws -> AllocateBody {
        var body = try request()
        body.preferred = port
        body.range = range ?? "\(port)-\(min(port + 99, 65535))"
        return body
    }

    private func groupRequest(_ count: Int) throws -> GroupRequestBody {
        let identity = try identity(role: nil)
        let label = label ?? identityMetadata["role"]
        let roles = roles.map(RoleList.names) ?? label.map { Array(repeating: $0, count: max(0, min(count, 1000))) }
        var body = GroupRequestBody(app: identity.app, instance: identity.instance, count: count, roles: roles)
        body.face = Face.manager.rawValue
        body.range = range
        body.metadata = storedMetadata
        return body
    }

    /// The metadata keys that name the service of the port, as in PortManager.
    private static let identityKeys: Set = ["app", "worktree", "role"]

    private var identityMetadata: [String: String] {
        (metadata.dictionary ?? [:]).filter { Self.identityKeys.contains($0.key) }
    }

    /// The metadata to store: all other keys; `nil` without any.
    private var storedMetadata: [String: JSONValue]? {
        let stored = (metadata.dictionary ?? [:]).filter { !Self.identityKeys.contains($0.key) }
        return stored.isEmpty ? nil : stored.mapValues(JSONValue.text)
    }

    private func identity(role: String?) throws -> ServiceIdentity {
        do {
            return try ServiceIdentity(
                app: app ?? identityMetadata["app"],
                worktree: worktree ?? identityMetadata["worktree"],
                role: role
            )
        } catch {
            throw Failure(error)
        }
    }

    /// Prints the failure as text or, with --json, as JSON. Returns the exit code.
    static func report(_ failure: Failure) -> Int32 {
        guard CommandLine.arguments.contains("--json") else {
            Output.complain(failure)
            return failure.exitCode
        }
        let body = PortManagerActions.Answer(status: "error", message: failure.message)
        do {
            try Output.result(body.refused(by: failure), asJSON: true, text: "")
        } catch {
            // Standard output is not writable, so report the failure as text on standard error.
            Output.complain(failure)
        }
        return failure.exitCode
    }
}
