import ArgumentParser
import PortAPI
import PortClient
import PortModel
import PortSystem

struct Release: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Release one or more port allocations.",
        discussion: """
            Filters are AND-ed together. Without --id, --app, --instance and --port, only the allocations of the \
            current instance are released. A service gets a released port again; "portctl forget" prevents that. On a \
            terminal, releasing a port by its number asks for confirmation if a process listens on it for another \
            project.
            """
    )

    @Argument(help: "Port number, service of the current project, any service name, or app/instance/service.")
    var target: String?

    @Option(parsing: .unconditional, help: "Release a specific allocation by id.")
    var id: Int64?

    @OptionGroup var project: ProjectOptions

    @Option(help: "Filter by service name.")
    var service: String?

    @Option(parsing: .unconditional, help: "Filter by port number.", transform: PortArgument.optional)
    var port: Int?

    @Flag(help: "Do not ask for confirmation.")
    var yes = false

    @Flag(help: "Output as JSON.")
    var json = false

    func validate() throws {
        try ProjectOptions.check(app: nil, instance: nil, service: service)
        if let id, id < 0 { throw ValidationError("id must be a positive number") }
        if target != nil && ((id ?? 0) != 0 || service != nil || (port ?? 0) != 0) {
            throw ValidationError("a port or service cannot be combined with --id, --service or --port")
        }
        // A script that passes 0 for an unset variable does not mean everything.
        let isZero = (id == 0 || port == 0) && id ?? 0 == 0 && port ?? 0 == 0
        if isZero && target == nil && service == nil && project.isEmpty {
            throw ValidationError("0 filters nothing; leave --id and --port out to release all of this instance")
        }
    }

    func run() throws {
        let session = try Session()
        if let id, id != 0 { return try release(id: id, in: session) }
        if let target {
            if let port = Port(target) { return try release(port, in: session) }
            return try release(named: target, in: session)
        }
        try releaseMatching(in: session)
    }

    private func releaseMatching(in session: Session) throws {
        let resolved = try project.resolved()
        let port = port ?? 0
        let isLimitedToThisInstance = project.isEmpty && port == 0
        var filter = FilterBody(
            app: resolved.app,
            instance: isLimitedToThisInstance ? resolved.instance : project.instance,
            service: service,
            port: port,
            project: resolved.directories
        )
        filter.wide = true
        var answer = try session.allocations.release(matching: filter)
        guard answer.deleted > 0 else { throw nothingReleased(filter, isLimitedToThisInstance) }
        let own = isLimitedToThisInstance ? resolved : try? ProjectOptions.none.resolved()
        ProjectScope.explain(released: answer.allocations, by: own)
        answer.allocations = nil
        let noun = answer.deleted == 1 ? "allocation" : "allocations"
        try Output.result(answer, asJSON: json, text: "released \(answer.deleted) \(noun)")
    }

    /// The failure that names all filters, and what was not searched.
    private func nothingReleased(_ filter: FilterBody, _ isLimitedToThisInstance: Bool) -> Failure {
        let app = filter.app ?? ""
        var message = "no allocation of \"\(app)\""
        if let instance = filter.instance { message += " in instance \"\(instance)\"" }
        if let service { message += " with service \"\(service)\"" }
        if let port = filter.port, port != 0 { message += " on port \(port)" }
        let all = "portctl list --all shows every allocation"
        let hint =
            isLimitedToThisInstance
            ? "only this instance was searched; portctl list shows every instance of the project" : all
        return Failure(
            message,
            hint: hint,
            code: RegistryError.Code.allocationNotFound.rawValue,
            subject: service ?? app
        )
    }

    private func release(id: Int64, in session: Session) throws {
        var answer = try session.allocations.release(id: id)
        ProjectScope.explain(released: answer.allocation.map { [$0] }, by: try? ProjectOptions.none.resolved())
        answer.allocation = nil
        try Output.result(answer, asJSON: json, text: "released allocation \(id)")
    }

    /// Releases a port, whichever project has it.
    private func release(_ port: Port, in session: Session) throws {
        let own = try? ProjectOptions.none.resolved()
        if Terminal.isInteractive && !yes { try confirm(port, own, in: session) }
        var filter = FilterBody(port: Int(port.number))
        filter.wide = true
        var answer = try session.allocations.release(matching: filter)
        // A number is a port, but may be the name of a service as well.
        let called = try own.flatMap { try session.ownService(named: "\(port)", in: $0) }
        guard answer.deleted > 0 else {
            let hint = called.map {
                "the service \"\(port)\" has port \($0.port): portctl release \($0.commandLineWords)"
            }
            throw Failure(
                "port \(port) is not allocated",
                hint: hint ?? "portctl list --all shows every allocation",
                code: RegistryError.Code.allocationNotFound.rawValue,
                subject: "\(port)"
            )
        }
        ProjectScope.explain(released: answer.allocations, by: own)
        if let called {
            let words = called.commandLineWords
            Output.note("the service \"\(port)\" still has port \(called.port): portctl release \(words)")
        }
        answer.allocations = nil
        try Output.result(answer, asJSON: json, text: "Released port: \(port)")
    }

    /// Asks before a port is released on which a process listens for another project's directory. Throws ``Failure``
    /// when the answer is not yes.
    private func confirm(_ port: Port, _ own: ProjectScope?, in session: Session) throws {
        let query = AllocationQuery(port: Int(port.number), wide: true)
        let allocation = try session.allocations.list(query).first
        guard let allocation, let directory = allocation.directory, allocation.state != "reserved",
            !(own?.owns(allocation) ?? false)
        else { return }
        let listeners = (allocation.occupiers ?? []).map(\.description.oneLine).joined(separator: ", ")
        let listener = listeners.isEmpty ? "a process" : listeners
        try Terminal.confirm(
            "port \(port) is that of \(allocation.name.oneLine) in \(directory.oneLine), "
                + "and \(listener) listens on it: release it?",
            otherwise: "nothing was released"
        )
    }

    private func release(named name: String, in session: Session) throws {
        let project = try project.resolved()
        let answer: ServiceBody
        do {
            answer = try session.services.release(name, in: project.scope)
        } catch {
            guard error.code == RegistryError.Code.serviceNotFound.rawValue else { throw error }
            let groups = try session.groups.list()
            guard groups.contains(where: { $0.id == name }) else { throw error }
            throw error.hinting("it is the id of a group: portctl group release \(name)")
        }
        project.explain(answer, named: name)
        let lines = answer.allPorts.map { "Released port: \($0)" }
        try Output.result(answer, asJSON: json, text: lines.joined(separator: "\n"))
    }
}
