import PortModel

/// Decides one group request inside its transaction.
struct GroupAllocator {
    let context: GroupCommitter.WriteContext
    let settings: RegistrySettings
    let request: GroupRequest
    let lifetime: Hold.Lifetime
    let caller: Caller

    /// Allocates a port for each service, or returns the refusal; the caller then rolls back what was allocated.
    func decide() throws -> Result<PortGroup, RegistryError> {
        let id = try unusedID()
        var block: PortRange?
        var isLastBlock = false
        var warnings: [String] = []
        var udpPorts: [Port] = []
        if request.isContiguous {
            let last = try lastBlock()
            switch try chooseBlock(preferring: last) {
            case .failure(let refusal): return .failure(refusal)
            case .success(let range): block = range
            }
            isLastBlock = block == last
            if let last, let block, block != last {
                warnings.append("ports \(last), which the group had last, are not free: moved to \(block)")
            }
        }
        let pool = request.pool ?? settings.pool(of: caller.face)
        let freeCount = freeCount(in: pool)
        var group: [Allocation] = []
        for (index, service) in request.services.enumerated() {
            var member = AllocationRequest(identity: service)
            member.port = block.flatMap { Port(Int($0.lower.number) + index) }
            member.pool = request.pool
            member.whenAllocated = .further
            member.hold = request.hold
            member.project = request.project
            member.tags = request.tags
            member.metadata = request.metadata
            member.group = id
            let allocator = Allocator(
                context: context,
                settings: settings,
                request: member,
                lifetime: lifetime,
                caller: caller
            )
            switch try allocator.decide() {
            case .failure(let refusal):
                return .failure(refusal.code == .poolFull ? notEnough(freeCount, in: pool) : refusal)
            case .success(let grant):
                group.append(grant.allocation)
                warnings += grant.warnings
                if grant.hasUDPSocket && !isLastBlock { udpPorts.append(grant.allocation.port) }
            }
        }
        // One sentence for a thousand ports.
        warnings += settings.exclusions.explanations(for: group.map(\.port))
        if !udpPorts.isEmpty {
            let subject = udpPorts.count == 1 ? "UDP port \(udpPorts[0]) is" : "UDP ports \(PortSet(udpPorts)) are"
            warnings.append("\(subject) used by other processes")
        }
        return .success(PortGroup(id: id, allocations: group, warnings: warnings))
    }

    /// Returns the number of free ports in `pool`, including those that automatic choice gives only when there are no
    /// others.
    private func freeCount(in pool: PortPool) -> Int {
        let taken = context.transaction.allocatedPorts.union(settings.exclusions.unyielding)
        return PortSet(pool.ranges.flatMap { PortSet($0) }).count { !taken.contains($0) && !context.isHeld($0) }
    }

    private func notEnough(_ freeCount: Int, in pool: PortPool) -> RegistryError {
        RegistryError(
            .poolFull,
            "range \(pool) has \(freeCount) free ports, but \(request.services.count) were requested",
            subject: pool.description,
            remedies: [.requestFewerPorts, .otherRange]
        )
    }

    private func unusedID() throws -> String {
        while true {
            let id = Self.hexadecimal(UInt64.random(in: 0...UInt64.max) & 0xFFFF_FFFF_FFFF)
            if try context.transaction.allocations(matching: AllocationFilter(group: id)).isEmpty { return id }
        }
    }

    /// Returns `number`, below 2^48, as twelve hexadecimal digits.
    private static func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 12 - digits.count) + digits
    }

    /// Chooses consecutive ports: those that the services had last, else the lowest free ones.
    private func chooseBlock(preferring last: PortRange?) throws -> Result<PortRange, RegistryError> {
        let count = request.services.count
        let pool = request.pool ?? settings.pool(of: caller.face)
        let policy = AllocationPolicy(
            allocated: context.transaction.allocatedPorts,
            remembered: context.transaction.rememberedPorts,
            excluded: settings.exclusions.unyielding
        )
        let isBusy = { context.isHeld($0) }
        if let last, request.pool.map({ $0.ranges.contains { $0.contains(last) } }) ?? true,
            policy.isFree(last, isBusy: isBusy)
        {
            return .success(last)
        }
        func lowestBlock(_ isBusy: (Port) -> Bool) -> PortRange? {
            policy.firstChoice(in: settings.exclusions.stages) {
                $0.lowestBlock(of: count, in: pool, isBusy: isBusy)
            }
        }
        if let block = lowestBlock({ isBusy($0) || context.hasUDPSocket($0) }) ?? lowestBlock(isBusy) {
            return .success(block)
        }
        let isEnough = freeCount(in: pool) >= count
        return .failure(
            RegistryError(
                .poolFull,
                "range \(pool) has no \(count) consecutive free ports",
                subject: pool.description,
                remedies: [.requestFewerPorts, .otherRange] + (isEnough ? [.nonContiguous] : [])
            )
        )
    }

    /// Returns the ports that the services had last, if those are consecutive in the services' order.
    private func lastBlock() throws -> PortRange? {
        var taken: [ServiceIdentity: Set<Int>] = [:]
        var block: PortRange?
        for service in request.services {
            let used = try taken[service] ?? Set(context.transaction.allocations(of: service).map(\.replica))
            let replica = (0...).first { !used.contains($0) }!
            taken[service] = used.union([replica])
            guard let last = try context.transaction.rememberedPort(of: service, replica: replica),
                block == nil || Int(block!.upper.number) + 1 == Int(last.number)
            else { return nil }
            block = PortRange(block?.lower ?? last, last)
        }
        return block
    }
}
