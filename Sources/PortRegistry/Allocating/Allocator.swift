import PortModel

/// Decides one allocation request inside its transaction.
struct Allocator {
    let context: GroupCommitter.WriteContext
    let settings: RegistrySettings
    let request: AllocationRequest
    /// The lifetime of the requested hold.
    let lifetime: Hold.Lifetime
    let caller: Caller
    /// What speaks against the adoption of the requested port; see ``Registry/adoptionWarning(of:)``.
    var adoptionWarning: AdoptionWarning?

    private var transaction: any RegistryTransaction { context.transaction }
    private var identity: ServiceIdentity { request.identity }

    /// Makes, changes or finds an allocation, or returns the refusal. Records what was done in the journal.
    func decide() throws -> Result<Grant, RegistryError> {
        switch request.whenAllocated {
        case .refuse:
            guard let first = try transaction.allocations(of: identity).first else { return try allocate(replica: 0) }
            return try refuse(alreadyAllocated(first))
        case .share:
            guard let first = try transaction.allocations(of: identity).first else { return try allocate(replica: 0) }
            return try share(first)
        case .takeIdle, .moveIdle:
            let existing = try transaction.allocations(of: identity)
            if let idle = try idle(of: existing) { return try share(idle) }
            return try allocate(replica: transaction.unusedReplica(of: identity)).map { grant in
                var grant = grant
                grant.busyReplicas = existing.filter { context.isHeld($0.port) }
                return grant
            }
        case .furtherUnlessHeld:
            if let port = request.port, let held = try transaction.allocation(on: port), held.identity == identity,
                !identity.isAnonymous
            {
                return try share(held)
            }
        case .further: break
        }
        return try allocate(replica: transaction.unusedReplica(of: identity))
    }

    /// Returns a replica that no process uses, if possible the one with the requested port.
    private func idle(of existing: [Allocation]) throws -> Allocation? {
        let idle = try existing.filter(isIdle)
        return idle.first { $0.port == request.port } ?? idle.first
    }

    /// Whether no owner lives, and no process of the service listens on the port.
    private func isIdle(_ allocation: Allocation) throws -> Bool {
        if allocation.hasLivingOwner { return false }
        guard context.isHeld(allocation.port) else { return true }
        return try verdict(on: occupancy(of: allocation), for: allocation).verdict == .foreign
    }

    /// Returns the verdict on the listeners of the service's port. A hold that is about to be placed makes a process
    /// the service's own only for the directory that it is placed for.
    private func verdict(on occupancy: Occupancy?, for allocation: Allocation) throws -> ServiceVerdict {
        try context.verdict(on: occupancy, for: allocation)
    }

    /// The circumstances of the hold that is placed.
    private var origin: Hold.Origin {
        Hold.Origin(
            directory: request.project?.stamp,
            processTime: context.machine.processTime(),
            isCommand: request.isForCommand
        )
    }

    /// Returns the listeners on the allocation's port; `nil` when there are none, or only the socket that belonged to
    /// the service before, as in most cases. The processes are not looked for then.
    private func occupancy(of allocation: Allocation) throws -> Occupancy? {
        let sockets = try context.listeningSockets(on: allocation.port)
        guard sockets.contains(where: { $0 != knownSocket(of: allocation) }) else { return nil }
        return try context.occupancy(of: allocation.port)
    }

    /// The inode of the socket that belonged to the service before; `nil` when the service's directory was made again
    /// since: its server is then one of the earlier directory.
    private func knownSocket(of allocation: Allocation) -> UInt32? {
        guard let known = allocation.knownSocket, known.isOwn, known.boot == context.uptime.boot,
            request.project?.stamp.map({ now in
                !allocation.holds.contains { $0.origin.directory?.differs(from: now) ?? false }
            }) ?? true
        else { return nil }
        return known.inode
    }

    // MARK: An existing allocation

    private func share(_ existing: Allocation) throws -> Result<Grant, RegistryError> {
        // A strict caller wants the port that it prefers, or none.
        let requested = request.port ?? (request.strict ? request.preferred : nil)
        if let requested, requested != existing.port {
            guard request.whenAllocated == .moveIdle else { return try refuse(alreadyAllocated(existing)) }
            return try move(existing, to: requested)
        }
        try context.record(request.project, of: identity)
        let occupancy = try occupancy(of: existing)
        let verdict = try verdict(on: occupancy, for: existing)
        var changed = existing.holding(lifetime, origin: origin, by: caller.face, at: context.now)
        changed.directory = request.project?.directory ?? existing.directory
        changed.details = try details(keeping: existing.details)
        var warnings: [String] = []
        var remedies: [Remedy] = []
        switch verdict.verdict {
        case .mine: changed.knownSocket = knownSocket(inode: verdict.deciding?.listener.inode)
        case .unknown:
            // The next request must not take for another's what this one lets pass.
            changed.knownSocket = knownSocket(inode: verdict.deciding?.listener.inode, isOwn: false)
            warnings = [unproven(verdict, on: existing.port)]
            remedies = [.showListeners(existing.port)]
        case .foreign, .none: break
        }
        if verdict.verdict == .foreign {
            let taken = portTaken(by: verdict, from: existing)
            if request.strict || request.port != nil { return try refuse(taken) }
            switch try choose(replica: nil) {
            case .failure(let refusal): return try refuse(refusal)
            case .success(let choice):
                changed.port = choice.port
                changed.knownSocket = nil
                warnings = ["\(taken.message): moved to \(choice.port)"] + choice.warnings
            }
        }
        if changed != existing {
            let hasNewHold = changed.holds.contains { $0.id == 0 }
            changed = try context.save(changed, replacing: existing)
            if changed.port != existing.port {
                try recordMove(from: existing.port, to: changed.port, reason: warnings.first)
            } else if hasNewHold {
                try record(.held, port: changed.port, reason: nil)
            }
        }
        let outcome: Grant.Outcome = changed.port == existing.port ? .existing : .moved
        var grant = Grant(allocation: changed, outcome: outcome, warnings: warnings)
        grant.remedies = remedies
        return .success(grant)
    }

    /// Moves an allocation that no process uses to the port that was requested by number.
    private func move(_ existing: Allocation, to port: Port) throws -> Result<Grant, RegistryError> {
        switch try claim(port) {
        case .failure(let refusal): return try refuse(refusal)
        case .success(let choice):
            try context.record(request.project, of: identity)
            var changed = existing.holding(lifetime, origin: origin, by: caller.face, at: context.now)
            changed.directory = request.project?.directory ?? existing.directory
            changed.details = try details(keeping: existing.details)
            changed.port = port
            changed.knownSocket = nil
            changed = try context.save(changed, replacing: existing)
            let reason = "\(identity.machineWideName) had port \(existing.port): moved to \(port)"
            try recordMove(from: existing.port, to: port, reason: reason)
            return .success(Grant(allocation: changed, outcome: .moved, warnings: [reason] + choice.warnings))
        }
    }

    private func details(keeping existing: AllocationDetails) throws -> AllocationDetails {
        try AllocationDetails(tags: request.tags ?? existing.tags, metadata: request.metadata ?? existing.metadata)
    }

    private func alreadyAllocated(_ existing: Allocation) -> RegistryError {
        RegistryError(
            .serviceAllocated,
            "service already allocated",
            subject: identity.description,
            remedies: [.reason("to change its port, release it first"), .release(identity)],
            holder: existing
        )
    }

    private func knownSocket(inode: UInt32?, isOwn: Bool = true) -> KnownSocket? {
        inode.map { KnownSocket(inode: $0, boot: context.uptime.boot, isOwn: isOwn) }
    }

    /// What to say about a listener that may or may not be the service's own.
    private func unproven(_ verdict: ServiceVerdict, on port: Port) -> String {
        let listener = verdict.deciding
        let who =
            listener?.process.map { Occupier.names(of: [$0]) }
            ?? "an unknown process of user id \(listener?.listener.userID ?? 0)"
        return "\(who) listens on port \(port), which \(identity.machineWideName) has"
    }

    private func portTaken(by verdict: ServiceVerdict, from existing: Allocation) -> RegistryError {
        let names = verdict.foreignNames
        return RegistryError(
            request.port == nil ? .rememberedPortTaken : .portInUse,
            "port \(existing.port), which \(identity.machineWideName) has, is taken by \(names)",
            subject: existing.port.description,
            remedies: [request.port == nil ? .allowAnotherPort : .anyPort],
            holder: existing
        )
    }

    // MARK: A new allocation

    private func allocate(replica: Int) throws -> Result<Grant, RegistryError> {
        let choice: Result<Choice, RegistryError>
        if let port = request.port {
            choice = try claim(port)
        } else if let preferred = request.preferred, case let claimed = try claim(preferred),
            request.strict || (try? claimed.get()) != nil
        {
            choice = claimed
        } else {
            choice = try choose(replica: replica)
        }
        switch choice {
        case .failure(let refusal): return try refuse(refusal)
        case .success(let choice):
            if let last = choice.movedFrom { try record(.moved, port: last, reason: choice.warnings.first) }
            var grant = try grant(choice.port, replica: replica, warnings: choice.warnings)
            grant.remedies = choice.remedies
            grant.hasUDPSocket = choice.hasUDPSocket
            return .success(grant)
        }
    }

    private struct Choice {
        var port: Port
        var warnings: [String] = []
        var remedies: [Remedy] = []
        /// Whether a UDP socket is bound to the port, which is not one that the service had before.
        var hasUDPSocket = false
        /// The port that the service had last, and does not get again.
        var movedFrom: Port?
    }

    /// Chooses the port that was requested by number.
    private func claim(_ port: Port) throws -> Result<Choice, RegistryError> {
        if let holder = try transaction.allocation(on: port) {
            return .failure(.portAllocated(port, holder: holder, to: identity, remedy: freePortRemedy))
        }
        if !request.adopt && context.isHeld(port) {
            return .failure(
                RegistryError(
                    .portInUse,
                    "port in use on system",
                    subject: port.description,
                    remedies: [freePortRemedy]
                )
            )
        }
        let warning = request.adopt ? adoptionWarning : nil
        return .success(
            Choice(
                port: port,
                warnings: explanations(for: port) + [warning?.text].compactMap(\.self),
                remedies: [warning?.remedy].compactMap(\.self),
                hasUDPSocket: !request.adopt && context.hasUDPSocket(port)
            )
        )
    }

    /// How a caller whose port is taken gets another one. A reservation must name a port.
    private var freePortRemedy: Remedy {
        request.whenAllocated == .furtherUnlessHeld ? .choosePort : .anyPort
    }

    /// Returns why `port` is a poor choice. For a group, ``GroupAllocator`` says it for all ports at once.
    private func explanations(for port: Port) -> [String] {
        request.group == nil ? settings.exclusions.explanations(for: [port]) : []
    }

    /// Chooses the port that the replica had last, else the lowest free one. `replica` is `nil` for an allocation that
    /// must move.
    private func choose(replica: Int?) throws -> Result<Choice, RegistryError> {
        let policy = AllocationPolicy(
            allocated: transaction.allocatedPorts,
            remembered: transaction.rememberedPorts,
            excluded: settings.exclusions.all
        )
        let stages = settings.exclusions.stages
        let pool = request.pool ?? settings.pool(of: caller.face)
        let isBusy = { context.isHeld($0) }
        var lastPortTaken: RegistryError?
        var movedFrom: Port?
        if let replica, let last = try transaction.rememberedPort(of: identity, replica: replica),
            request.pool?.contains(last) ?? true
        {
            movedFrom = last
            switch policy.reclaim(last, isBusy: isBusy) {
            case .port(let port): return .success(Choice(port: port, warnings: explanations(for: port)))
            case .allocated(let port):
                let holder = try transaction.allocation(on: port)
                let reason = holder.map { "is allocated to \($0.identity.machineWideName)" } ?? "is allocated"
                lastPortTaken = rememberedPortTaken(port, reason, holder: holder)
            case .busy(let port): lastPortTaken = rememberedPortTaken(port, "is in use on system")
            }
        }
        if let lastPortTaken, request.strict { return .failure(lastPortTaken) }
        func choose(_ isBusy: (Port) -> Bool) throws -> Port? {
            try policy.firstChoice(in: stages) { policy in
                try policy.lowestUnclaimed(in: pool, isBusy: isBusy)
                    ?? policy.leastRecentlyUsed(
                        of: try context.leastRecentlyUsedPorts(in: pool),
                        in: pool,
                        isBusy: isBusy
                    )
            }
        }
        // A server can have the TCP port of a UDP socket, so such ports are given when there are no others.
        guard let chosen = try choose({ isBusy($0) || context.hasUDPSocket($0) }) ?? choose(isBusy) else {
            return .failure(try poolFull(pool))
        }
        let moved = lastPortTaken.map { ["\($0.message): moved to \(chosen)"] } ?? []
        let poorChoice = explanations(for: chosen).map { "\($0); range \(pool) has no better port" }
        return .success(
            Choice(
                port: chosen,
                warnings: moved + poorChoice,
                hasUDPSocket: context.hasUDPSocket(chosen),
                movedFrom: movedFrom
            )
        )
    }

    private func rememberedPortTaken(_ port: Port, _ reason: String, holder: Allocation? = nil) -> RegistryError {
        RegistryError(
            .rememberedPortTaken,
            "port \(port), which \(identity.machineWideName) had last, \(reason)",
            subject: port.description,
            remedies: [.allowAnotherPort],
            holder: holder
        )
    }

    private func poolFull(_ pool: PortPool) throws -> RegistryError {
        let own = AllocationFilter(app: identity.app, instance: identity.instance)
        return RegistryError.poolFull(
            PoolShortage(of: pool, allocated: transaction.allocatedPorts, exclusions: settings.exclusions),
            largest: try transaction.largestHolder(in: pool),
            ownCount: try transaction.allocations(matching: own).count {
                identity.hasProject(of: $0.identity) && pool.contains($0.port)
            },
            of: identity,
            setting: request.pool == nil ? "pools.\(caller.face.rawValue)" : nil
        )
    }

    private func grant(_ port: Port, replica: Int, warnings: [String]) throws -> Grant {
        let hold = Hold(
            face: caller.face,
            placedAt: context.now,
            renewedAt: context.now,
            lifetime: lifetime,
            origin: origin
        )
        context.scheduleExpiry(at: hold.deadline)
        let allocation = try transaction.insert(
            NewAllocation(
                identity: identity,
                replica: replica,
                port: port,
                directory: request.project?.directory,
                details: details(keeping: AllocationDetails()),
                group: request.group,
                requestedByPID: caller.pid.flatMap { $0 > 0 ? $0 : nil },
                // An adopted listener is the service's own, whatever directory it runs in.
                knownSocket: knownSocket(inode: request.adopt ? context.listeningSockets(on: port).first : nil),
                hold: hold
            )
        )
        try context.record(request.project, of: identity)
        try record(request.adopt ? .adopted : .allocated, port: port, reason: warnings.first)
        return Grant(allocation: allocation, outcome: .new, warnings: warnings)
    }

    private func refuse(_ refusal: RegistryError) throws -> Result<Grant, RegistryError> {
        try record(.refused, port: request.port ?? refusal.holder?.port, reason: refusal.message)
        return .failure(refusal)
    }

    /// Records a move in the histories of both ports; last in that of the new one, which is the news.
    private func recordMove(from old: Port, to new: Port, reason: String?) throws {
        try record(.moved, port: old, reason: reason)
        try record(.moved, port: new, reason: reason)
    }

    private func record(_ action: JournalEntry.Action, port: Port?, reason: String?) throws {
        try transaction.record(
            JournalEntry(
                at: context.now,
                action: action,
                caller: caller,
                identity: identity,
                port: port,
                reason: reason
            )
        )
    }
}
