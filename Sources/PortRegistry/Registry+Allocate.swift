package import PortModel

extension Registry {
    /// Gives the service a port: the one asked for, else the one it had last, else the lowest free one of the face's
    /// pool. Refuses with `service_allocated`, `port_allocated` (both with the holder), `port_in_use`,
    /// `remembered_port_taken`, `pool_full` or `storage_failed`.
    package func allocate(_ request: AllocationRequest, by asker: Asker) async throws(RegistryError) -> Grant {
        if request.adopt && request.port == nil {
            throw RegistryError(.invalidRequest, "adopt needs the port that the service runs on", subject: "port")
        }
        return try await committer.perform { [settings, machine] unit in
            let naming = ProjectNaming(reading: unit.transaction, folderExists: machine.folderExists)
            var request = request
            if let project = request.project {
                do {
                    request.identity = try request.identity.renamed(
                        app: naming.app(named: request.identity.app, at: project.root)
                    )
                } catch let error as RegistryError {
                    return .failure(error)
                }
            }
            let allocator = Allocator(unit: unit, settings: settings, request: request, asker: asker)
            return try allocator.decide()
        }
    }
}

/// One allocation request inside its transaction.
private struct Allocator {
    let unit: GroupCommitter.Unit
    let settings: RegistrySettings
    let request: AllocationRequest
    let asker: Asker

    private var transaction: any RegistryTransaction { unit.transaction }
    private var identity: ServiceIdentity { request.identity }
    /// An identity of this face has one port.
    private let replica = 0

    init(unit: GroupCommitter.Unit, settings: RegistrySettings, request: AllocationRequest, asker: Asker) {
        self.unit = unit
        self.settings = settings
        self.request = request
        self.asker = asker
    }

    func decide() throws -> Result<Grant, RegistryError> {
        if let existing = try transaction.allocation(of: identity, replica: replica) {
            return try answer(existing)
        }
        let choice = if let port = request.port { try claim(port) } else { try choose() }
        switch choice {
        case .failure(let refusal): return try refuse(refusal)
        case .success(let choice): return .success(try grant(choice.port, warnings: choice.warnings))
        }
    }

    private struct Choice {
        var port: Port
        var warnings: [String] = []
    }

    private func answer(_ existing: Allocation) throws -> Result<Grant, RegistryError> {
        guard request.ensure, request.port == nil || request.port == existing.port else {
            return try refuse(
                RegistryError(
                    .serviceAllocated,
                    "service already allocated",
                    subject: identity.description,
                    hint: "\(identity) has port \(existing.port); release it first to change its port",
                    holder: existing
                )
            )
        }
        if let folder = request.project?.folder, folder != existing.folder {
            try transaction.updateFolder(ofAllocation: existing.id, to: folder)
        }
        return .success(Grant(allocation: existing, isNew: false, warnings: []))
    }

    /// The port that was asked for by number.
    private func claim(_ port: Port) throws -> Result<Choice, RegistryError> {
        if let holder = try transaction.allocation(on: port) {
            return .failure(
                RegistryError(
                    .portAllocated,
                    "port already allocated",
                    subject: port.description,
                    hint: "\(holder.identity) has it; leave the port out to get a free one",
                    holder: holder
                )
            )
        }
        if !request.adopt && unit.heldPorts.isHeld(port) {
            return .failure(
                RegistryError(
                    .portInUse,
                    "port in use on system",
                    subject: port.description,
                    hint: "leave the port out to get a free one, or register a service that already runs with --adopt"
                )
            )
        }
        let reasons = settings.exclusions.reasons(for: port)
        return .success(Choice(port: port, warnings: reasons.map { $0.explanation(for: port) }))
    }

    private func choose() throws -> Result<Choice, RegistryError> {
        let policy = AllocationPolicy(
            allocated: transaction.allocatedPorts,
            remembered: transaction.rememberedPorts,
            excluded: settings.exclusions.all
        )
        let pool = settings.pool(of: asker.face)
        let isBusy = { unit.heldPorts.isHeld($0) }
        var lost: RegistryError?
        if let last = try transaction.rememberedPort(of: identity, replica: replica) {
            switch policy.giveBack(last, isBusy: isBusy) {
            case .port(let port): return .success(Choice(port: port))
            case .allocated(let port):
                let holder = try transaction.allocation(on: port)
                let whose = holder.map { "allocated to \($0.identity)" } ?? "allocated"
                lost = rememberedPortTaken(port, "is \(whose)", holder: holder)
            case .busy(let port): lost = rememberedPortTaken(port, "is in use on system")
            }
        }
        if let lost, request.strict { return .failure(lost) }
        var chosen = policy.lowestUnclaimed(in: pool, isBusy: isBusy)
        for range in pool.ranges where chosen == nil {
            chosen = policy.longestUnused(
                of: try transaction.longestUnusedPorts(in: range),
                in: pool,
                isBusy: isBusy
            )
        }
        guard let chosen else { return .failure(try poolFull(pool)) }
        return .success(Choice(port: chosen, warnings: lost.map { ["\($0.message): moved to \(chosen)"] } ?? []))
    }

    private func rememberedPortTaken(_ port: Port, _ how: String, holder: Allocation? = nil) -> RegistryError {
        RegistryError(
            .rememberedPortTaken,
            "port \(port), which \(identity) had last, \(how)",
            subject: port.description,
            hint: "leave --strict out to move to another port",
            holder: holder
        )
    }

    private func poolFull(_ pool: PortPool) throws -> RegistryError {
        let count = pool.ranges.reduce(0) { $0 + $1.count }
        let largest = try transaction.largestHolder(in: pool)
        let who =
            largest.map { "\"\($0.app)\" holds most of it: \($0.count) of \(count) ports" }
            ?? "its \(count) ports are in use on system or excluded"
        return RegistryError(
            .poolFull,
            "range \(pool) is full: \(who)",
            subject: pool.description,
            hint: "release ports (portctl list --all), or widen pools.\(asker.face.rawValue) in config.yaml"
        )
    }

    private func grant(_ port: Port, warnings: [String]) throws -> Grant {
        let allocation = try transaction.insert(
            NewAllocation(
                identity: identity,
                replica: replica,
                port: port,
                folder: request.project?.folder,
                hold: Hold(kind: .permanent, face: asker.face),
                createdAt: unit.now
            )
        )
        if let project = request.project {
            try transaction.recordProject(app: identity.app, root: project.root)
        }
        try record(request.adopt ? .adopted : .allocated, port: port, reason: warnings.first)
        return Grant(allocation: allocation, isNew: true, warnings: warnings)
    }

    private func refuse(_ refusal: RegistryError) throws -> Result<Grant, RegistryError> {
        try record(.refused, port: request.port ?? refusal.holder?.port, reason: refusal.message)
        return .failure(refusal)
    }

    private func record(_ action: JournalEntry.Action, port: Port?, reason: String?) throws {
        try transaction.record(
            JournalEntry(at: unit.now, action: action, asker: asker, identity: identity, port: port, reason: reason)
        )
    }
}

extension ServiceIdentity {
    func renamed(app: String) throws(RegistryError) -> ServiceIdentity {
        try ServiceIdentity(app: app, instance: instance, service: service)
    }
}
