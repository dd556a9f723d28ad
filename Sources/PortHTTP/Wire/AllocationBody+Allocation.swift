import PortAPI
import PortModel
import PortRegistry

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension AllocationBody {
    init(_ allocation: Allocation) {
        self.init(
            id: allocation.id,
            app: allocation.identity.app,
            instance: allocation.identity.instance,
            service: allocation.identity.service,
            port: Int(allocation.port.number),
            createdAt: allocation.createdAt.formatted(.iso8601)
        )
        replica = allocation.replica == 0 ? nil : allocation.replica
        group = allocation.group
        tags = allocation.details.tags.isEmpty ? nil : allocation.details.tags
        metadata = allocation.details.metadata.isEmpty ? nil : allocation.details.metadata
    }

    /// With what `wide` adds.
    init(_ report: AllocationReport, registry: Registry) {
        let allocation = report.allocation
        self.init(allocation)
        directory = allocation.directory
        lastSeen = allocation.lastSeen.formatted(.iso8601)
        holds = allocation.holds.map { HoldDTO($0, secondsLeft: registry.secondsLeft(until: $0.deadline)) }
        state = report.state.rawValue
        occupiers = report.occupiers.isEmpty ? nil : report.occupiers.map(ProcessDTO.init)
        requestedByPID = allocation.requestedByPID
    }
}

extension HoldDTO {
    init(_ hold: Hold, secondsLeft: Int?) {
        self.init(kind: hold.kind.rawValue, face: hold.face.rawValue)
        ttlSeconds = hold.ttl
        if case .process(let owner, let grace, _, _) = hold.lifetime {
            graceSeconds = grace
            ownerPID = owner.pid
            ownerAlive = hold.livingOwner != nil
        }
        self.secondsLeft = secondsLeft
    }
}

extension LeaseBody {
    init(_ allocation: Allocation) {
        self.init(
            port: Int(allocation.port.number),
            serviceName: allocation.identity.machineWideName,
            allocatedAt: allocation.createdAt.formatted(.iso8601),
            lastHeartbeat: allocation.lastSeen.formatted(.iso8601),
            ttlSeconds: allocation.ttl,
            tags: allocation.details.tags
        )
    }
}

extension ProjectPortsBody.Entry {
    init(_ allocation: Allocation, at now: Date) {
        let owners = allocation.holds.filter { $0.owner != nil }
        let pid = (owners.last { $0.livingOwner != nil } ?? owners.last)?.owner?.pid
        let started = allocation.createdAt
        let lastSeen = allocation.lastSeen
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        self.init(
            port: Int(allocation.port.number),
            project: allocation.identity.machineWideName,
            pid: pid,
            started: started.milliseconds,
            lastSeen: lastSeen.milliseconds,
            alive: allocation.isAlive,
            ageMinutes: max(0, Int(now.timeIntervalSince(started) / 60)),
            startedAt: started.middleOfMillisecond.formatted(style),
            lastSeenAt: lastSeen.middleOfMillisecond.formatted(style)
        )
    }
}

extension Date {
    /// For texts that cut off what is smaller, so that they say the same as ``milliseconds``.
    var middleOfMillisecond: Date { Date(timeIntervalSince1970: (Double(milliseconds) + 0.5) / 1000) }
}
