internal import HTTPTypes
internal import Hummingbird
internal import PortAPI
internal import PortModel
internal import PortRegistry

/// Seed 002's face: `/v1`.
struct RegistryRoutes {
    let registry: Registry

    func add(to table: inout RouteTable) {
        table.on(Paths.allocations, .post, allocate)
        table.on(Paths.allocations, .get, list)
        table.on(Paths.allocations, .delete, releaseMatching)
        table.on("\(Paths.allocations)/:id", .delete, release)
        table.on("/v1/ports/:port", .get, check)
        table.on(Paths.remembered, .delete, forget)
    }

    @Sendable private func allocate(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let body = try await JSON.decode(AllocateBody.self, from: request)
        let grant = try await registry.allocate(
            AllocationRequest(
                identity: try ServiceIdentity(
                    app: body.app ?? "",
                    instance: body.instance ?? "",
                    service: body.service ?? ""
                ),
                port: try Port(optional: body.port),
                ensure: body.ensure ?? false,
                adopt: body.adopt ?? false,
                strict: body.strict ?? false,
                project: try body.project.map { body throws(RegistryError) in try ProjectFolder(body) }
            ),
            by: context.asker
        )
        var answer = AllocationBody(grant.allocation)
        answer.warnings = grant.warnings.isEmpty ? nil : grant.warnings
        return try JSON.response(answer, status: grant.isNew ? .created : .ok)
    }

    @Sendable private func list(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let query = request.uri.queryParameters
        let port = query["port"].map(String.init) ?? ""
        guard port.isEmpty || Int(port) != nil else {
            throw RegistryError(.invalidPort, "port must be between 1 and 65535", subject: port)
        }
        var project: ProjectFolder?
        if let root = query["root"], !root.isEmpty {
            project = try ProjectFolder(ProjectBody(root: String(root), folder: String(root)))
        }
        let allocations = try await registry.allocations(
            matching: AllocationFilter(
                FilterBody(
                    app: query["app"].map(String.init),
                    instance: query["instance"].map(String.init),
                    service: query["service"].map(String.init),
                    port: Int(port)
                )
            ),
            project: project
        )
        guard query["wide"] == "true" else { return try JSON.response(allocations.map(AllocationBody.init)) }
        let states = registry.states(of: allocations)
        return try JSON.response(zip(allocations, states).map { AllocationBody($0, state: $1) })
    }

    @Sendable private func releaseMatching(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let body = try await JSON.decode(FilterBody.self, from: request)
        let released = try await registry.release(
            matching: AllocationFilter(body),
            project: try body.project.map { body throws(RegistryError) in try ProjectFolder(body) },
            by: context.asker
        )
        return try JSON.response(DeletedBody(deleted: released.count))
    }

    @Sendable private func release(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let text = context.parameters.get("id") ?? ""
        guard let id = Int64(text) else {
            throw RegistryError(.invalidRequest, "an allocation's id is a number", subject: text)
        }
        _ = try await registry.release(id: id, by: context.asker)
        return try JSON.response(StatusWordBody(status: "deleted"))
    }

    @Sendable private func check(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let text = context.parameters.get("port") ?? ""
        guard let port = Port(text) else {
            throw RegistryError(.invalidPort, "port must be between 1 and 65535", subject: text)
        }
        var answer = PortBody(port: Int(port.number), available: false)
        switch try await registry.availability(of: port) {
        case .available(let warnings):
            answer.available = true
            answer.warnings = warnings.isEmpty ? nil : warnings
        case .allocated(let holder): answer.holder = AllocationBody(holder)
        case .inUse: break
        }
        return try JSON.response(answer)
    }

    @Sendable private func forget(_ request: Request, _ context: PortRequestContext) async throws -> Response {
        let body = try await JSON.decode(ForgetBody.self, from: request)
        let forgotten = try await registry.forget(
            ServiceIdentity(app: body.app ?? "", instance: body.instance ?? "", service: body.service ?? ""),
            project: try body.project.map { body throws(RegistryError) in try ProjectFolder(body) },
            by: context.asker
        )
        return try JSON.response(
            ForgottenBody(
                app: forgotten.identity.app,
                instance: forgotten.identity.instance,
                service: forgotten.identity.service,
                port: Int(forgotten.port.number),
                released: forgotten.wasAllocated
            )
        )
    }
}

extension PortRequestContext {
    /// This face's asker.
    fileprivate var asker: Asker { Asker(face: .registry, caller: caller) }
}
