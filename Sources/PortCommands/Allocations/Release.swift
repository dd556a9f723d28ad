import ArgumentParser
import PortAPI
import PortModel

struct Release: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Release one or more port allocations.",
        discussion: """
            Filters are AND-ed together. Without --id, --app, --instance and --port, only the allocations of the \
            current instance are released. A service gets a released port again; "portctl forget" prevents that.
            """
    )

    @Argument(help: "Port number, service of the current project, any service name, or app/instance/service.")
    var target: String?

    @Option(parsing: .unconditional, help: "Release a specific allocation by id.")
    var id: Int64 = 0

    @OptionGroup var project: ProjectOptions

    @Option(help: "Filter by service name.")
    var service: String?

    @Option(parsing: .unconditional, help: "Filter by port number.", transform: PortArgument.optional)
    var port = 0

    @Flag(help: "Output as JSON.")
    var json = false

    func validate() throws {
        if id < 0 { throw ValidationError("id must be a positive number") }
        if service == "" { throw ValidationError("service must not be blank") }
        if target != nil && (id != 0 || service != nil || port != 0) {
            throw ValidationError("a port or service cannot be combined with --id, --service or --port")
        }
    }

    func run() throws {
        let session = try Session()
        if id != 0 {
            let answer = try session.send("DELETE", Paths.allocation(id), as: StatusWordBody.self)
            return try Output.result(answer, asJSON: json, text: "released allocation \(id)")
        }
        if let target { return try release(target, in: session) }
        let resolved = try project.resolved()
        let isLimitedToThisInstance = project.isEmpty && port == 0
        let filter = FilterBody(
            app: resolved.app,
            instance: isLimitedToThisInstance ? resolved.instance : project.instance.nonEmpty,
            service: service,
            port: port,
            project: resolved.directories
        )
        let answer = try session.send("DELETE", Paths.allocations, body: filter, as: DeletedBody.self)
        guard answer.deleted > 0 else {
            throw Failure(
                "no allocation of \"\(resolved.app)\" matches",
                hint: "portctl list --all shows every allocation"
            )
        }
        let noun = answer.deleted == 1 ? "allocation" : "allocations"
        try Output.result(answer, asJSON: json, text: "released \(answer.deleted) \(noun)")
    }

    private func release(_ target: String, in session: Session) throws {
        if let port = Port(target) {
            // A port number identifies an allocation of any project.
            let filter = FilterBody(port: Int(port.number))
            let deleted = try session.send("DELETE", Paths.allocations, body: filter, as: DeletedBody.self)
            guard deleted.deleted > 0 else {
                throw Failure("port \(port) is not allocated", hint: "portctl list --all shows every allocation")
            }
            return try Output.result(deleted, asJSON: json, text: "Released port: \(port)")
        }
        let answer = try session.send("DELETE", Paths.service(target) + project.resolved().scope, as: ServiceBody.self)
        let lines = answer.allPorts.map { "Released port: \($0)" }
        try Output.result(answer, asJSON: json, text: lines.joined(separator: "\n"))
    }
}
