package import PortModel

#if canImport(FoundationEssentials)
    package import struct FoundationEssentials.Date
#else
    package import struct Foundation.Date
#endif

/// Several ports that are wanted together, or not at all.
package struct GroupRequest: Sendable {
    /// Of one app and instance; the service of each is its role, and a role that repeats has replicas.
    package var services: [ServiceIdentity]
    /// What to choose from; `nil`: the face's pool.
    package var pool: PortPool?
    /// Whether the ports must follow one another.
    package var isContiguous = false
    package var hold = RequestedHold.permanent
    /// As ``AllocationRequest/project``.
    package var project: ProjectFolder?
    package var tags: [String]?
    package var metadata: [String: String]?

    /// Far more than any stack has, and as many as the smallest default pool.
    package static let maximumCount = 1000

    /// `roles` are the services' names, one for each port; none: that many without a name. Throws `invalid_request`
    /// for a count outside 1…1000, or another number of roles, and `invalid_name`.
    package init(count: Int, roles: [String], app: String, instance: String) throws(RegistryError) {
        guard (1...Self.maximumCount).contains(count) else {
            throw RegistryError(
                .invalidRequest,
                "a group has between 1 and \(Self.maximumCount) ports, not \(count)",
                subject: "count"
            )
        }
        guard roles.isEmpty || roles.count == count else {
            throw RegistryError(
                .invalidRequest,
                "\(count) ports need \(count) roles, not \(roles.count)",
                subject: "roles",
                hint: "name each, or none; a role may repeat"
            )
        }
        services = []
        for role in roles.isEmpty ? Array(repeating: ServiceIdentity.unnamedService, count: count) : roles {
            services.append(try ServiceIdentity(app: app, instance: instance, service: role))
        }
    }
}

/// Allocations that were made together.
package struct PortGroup: Sendable {
    package let id: String
    /// In the order of their roles, at least one.
    package let allocations: [Allocation]
    /// Why a port is a poor choice, or not the expected one.
    package var warnings: [String] = []

    package var createdAt: Date { allocations.map(\.createdAt).min()! }
}

extension Registry {
    /// Gives each of the group's services a further port, or none of them. Throws what ``allocate(_:by:)`` throws.
    package func allocate(_ request: GroupRequest, by asker: Asker) async throws(RegistryError) -> PortGroup {
        _ = try AllocationDetails(tags: request.tags ?? [], metadata: request.metadata ?? [:])
        return try await committer.perform { [settings, machine] unit in
            try unit.refusing {
                var request = request
                request.services = try request.services.map { try unit.registered($0, project: request.project) }
                let hold = try request.hold.lifetime(at: unit.uptime, machine: machine, asker: asker)
                let result = try unit.attempt {
                    try GroupAllocator(
                        unit: unit,
                        settings: settings,
                        request: request,
                        lifetime: hold.lifetime,
                        asker: asker
                    ).decide()
                }
                if case .failure(let refusal) = result {
                    try unit.record(refusal, of: request, by: asker)
                }
                return result.map { group in
                    var group = group
                    group.warnings += hold.warning.map { [$0] } ?? []
                    return group
                }
            }
        }
    }

    /// The groups with an allocation that matches, in the order they were made. Throws `storage_failed`.
    package func groups(
        matching filter: AllocationFilter,
        project: ProjectFolder? = nil
    ) async throws(RegistryError) -> [PortGroup] {
        let allocations = try await allocations(matching: filter, project: project)
        var groups: [String: [Allocation]] = [:]
        for allocation in allocations {
            if let id = allocation.group { groups[id, default: []].append(allocation) }
        }
        return groups.map { PortGroup(id: $0, allocations: $1) }.sorted { $0.allocations[0].id < $1.allocations[0].id }
    }

    /// Ends the allocations of a group and returns them. Throws `group_not_found` or `storage_failed`.
    package func release(group id: String, by asker: Asker) async throws(RegistryError) -> PortGroup {
        try await committer.perform { unit in
            let allocations = try unit.transaction.allocations(matching: AllocationFilter(group: id))
            guard !allocations.isEmpty else { return .failure(.groupNotFound(id)) }
            for allocation in allocations { try unit.end(allocation, .released, by: asker) }
            return .success(PortGroup(id: id, allocations: allocations))
        }
    }
}

extension RegistryError {
    /// No allocation belongs to it (any more).
    package static func groupNotFound(_ id: String) -> RegistryError {
        RegistryError(
            .groupNotFound,
            "no group \"\(id)\" is known",
            subject: id,
            hint: "portctl group list --all shows every group"
        )
    }
}

extension GroupCommitter.Unit {
    /// What was recorded of the parts is undone with them.
    fileprivate func record(_ refusal: RegistryError, of request: GroupRequest, by asker: Asker) throws {
        try transaction.record(
            JournalEntry(
                at: now,
                action: .refused,
                asker: asker,
                identity: request.services[0],
                port: nil,
                reason: "a group of \(request.services.count): \(refusal.message)"
            )
        )
    }
}

/// One group request inside its transaction.
private struct GroupAllocator {
    let unit: GroupCommitter.Unit
    let settings: RegistrySettings
    let request: GroupRequest
    let lifetime: Hold.Lifetime
    let asker: Asker

    func decide() throws -> Result<PortGroup, RegistryError> {
        let id = try unusedID()
        var block: PortRange?
        var warnings: [String] = []
        if request.isContiguous {
            let last = try lastBlock()
            switch try chooseBlock(preferring: last) {
            case .failure(let refusal): return .failure(refusal)
            case .success(let range): block = range
            }
            if let last, let block, block != last {
                warnings.append("ports \(last), which the group had last, are not free: moved to \(block)")
            }
        }
        let pool = request.pool ?? settings.pool(of: asker.face)
        let free = freeCount(in: pool)
        var group: [Allocation] = []
        for (index, service) in request.services.enumerated() {
            var part = AllocationRequest(identity: service)
            part.port = block.flatMap { Port(Int($0.lower.number) + index) }
            part.pool = request.pool
            part.whenAllocated = .further
            part.hold = request.hold
            part.project = request.project
            part.tags = request.tags
            part.metadata = request.metadata
            part.group = id
            let allocator = Allocator(
                unit: unit,
                settings: settings,
                request: part,
                lifetime: lifetime,
                asker: asker
            )
            switch try allocator.decide() {
            case .failure(let refusal):
                return .failure(refusal.code == .poolFull ? tooFew(free, in: pool) : refusal)
            case .success(let grant):
                group.append(grant.allocation)
                warnings += grant.warnings
            }
        }
        return .success(PortGroup(id: id, allocations: group, warnings: warnings))
    }

    /// Before the group takes any.
    private func freeCount(in pool: PortPool) -> Int {
        let taken = unit.transaction.allocatedPorts.union(settings.exclusions.all)
        return PortSet(pool.ranges.flatMap { PortSet($0) }).count { !taken.contains($0) && !unit.isHeld($0) }
    }

    private func tooFew(_ free: Int, in pool: PortPool) -> RegistryError {
        RegistryError(
            .poolFull,
            "range \(pool) has \(free) free ports, \(request.services.count) are wanted",
            subject: pool.description,
            hint: "ask for fewer, release ports (portctl list --all), or ask for another range"
        )
    }

    private func unusedID() throws -> String {
        while true {
            let id = Self.hexadecimal(UInt64.random(in: 0...UInt64.max) & 0xFFFF_FFFF_FFFF)
            if try unit.transaction.allocations(matching: AllocationFilter(group: id)).isEmpty { return id }
        }
    }

    /// Twelve digits.
    private static func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 12 - digits.count) + digits
    }

    /// Ports that follow one another: those that the services had last, else the lowest.
    private func chooseBlock(preferring last: PortRange?) throws -> Result<PortRange, RegistryError> {
        let count = request.services.count
        let pool = request.pool ?? settings.pool(of: asker.face)
        let policy = AllocationPolicy(
            allocated: unit.transaction.allocatedPorts,
            remembered: unit.transaction.rememberedPorts,
            excluded: settings.exclusions.all
        )
        let isBusy = { unit.isHeld($0) }
        if let last, request.pool.map({ $0.ranges.contains { $0.contains(last) } }) ?? true,
            policy.isFree(last, isBusy: isBusy)
        {
            return .success(last)
        }
        if let block = policy.lowestBlock(of: count, in: pool, isBusy: isBusy) { return .success(block) }
        return .failure(
            RegistryError(
                .poolFull,
                "range \(pool) has no \(count) free ports that follow one another",
                subject: pool.description,
                hint: "release ports (portctl list --all), or leave --contiguous out"
            )
        )
    }

    /// The ports that the services had last, if those follow one another in the services' order.
    private func lastBlock() throws -> PortRange? {
        var taken: [ServiceIdentity: Set<Int>] = [:]
        var block: PortRange?
        for service in request.services {
            let used = try taken[service] ?? Set(unit.transaction.allocations(of: service).map(\.replica))
            let replica = (0...).first { !used.contains($0) }!
            taken[service] = used.union([replica])
            guard let last = try unit.transaction.rememberedPort(of: service, replica: replica),
                block == nil || Int(block!.upper.number) + 1 == Int(last.number)
            else { return nil }
            block = PortRange(block?.lower ?? last, last)
        }
        return block
    }
}
