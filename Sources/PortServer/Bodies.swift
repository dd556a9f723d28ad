internal import PortAPI
internal import PortModel
internal import PortRegistry

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
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
        folder = allocation.folder
        lastSeen = allocation.lastSeen.formatted(.iso8601)
        holds = allocation.holds.map { HoldBody($0, secondsLeft: registry.secondsLeft(until: $0.deadline)) }
        state = report.state.rawValue
        occupiers = report.occupiers.isEmpty ? nil : report.occupiers.map(ProcessBody.init)
        askerPID = allocation.askerPID
    }
}

extension HoldBody {
    fileprivate init(_ hold: Hold, secondsLeft: Int?) {
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
    fileprivate var middleOfMillisecond: Date { Date(timeIntervalSince1970: (Double(milliseconds) + 0.5) / 1000) }
}

extension Face {
    /// A face named on the wire; nothing is the registry's own. Throws `invalid_request`.
    init(named name: String?) throws(RegistryError) {
        guard let face = Face(rawValue: name ?? Face.registry.rawValue) else {
            throw RegistryError(
                .invalidRequest,
                "face must be one of \(Face.allCases.map(\.rawValue).joined(separator: ", "))",
                subject: name
            )
        }
        self = face
    }
}

extension ProjectFolder {
    /// Throws `invalid_request` for folders that are not absolute paths of a length the system allows.
    init(_ body: ProjectBody) throws(RegistryError) {
        for path in [body.root, body.folder] {
            // PATH_MAX is 4,096 on Linux.
            guard path.hasPrefix("/"), path.utf8.count <= 4096, !path.utf8.contains(0) else {
                throw RegistryError(.invalidRequest, "a project's folders must be absolute paths", subject: "project")
            }
        }
        self.init(root: body.root, folder: body.folder)
    }
}

extension AllocationFilter {
    /// An empty text is no filter, as in seed 002; anything else must be a name or port.
    init(_ body: FilterBody) throws(RegistryError) {
        self.init(
            app: try Self.name(body.app, "app"),
            instance: try Self.name(body.instance, "instance"),
            service: try Self.name(body.service, "service"),
            port: try Port(optional: body.port)
        )
    }

    private static func name(_ text: String?, _ part: String) throws(RegistryError) -> String? {
        guard let text, !text.isEmpty else { return nil }
        return try Name.validated(text, as: part)
    }
}

extension PortPool {
    /// Ranges on the wire, such as `4000-4999`; `nil` for nothing. Throws `invalid_request`.
    init?(named text: String?) throws(RegistryError) {
        guard let text else { return nil }
        guard let pool = PortPool(text) else {
            throw RegistryError(
                .invalidRequest,
                "range must be two ports such as 4000-4999, the lower one first",
                subject: text
            )
        }
        self = pool
    }
}

extension Int32 {
    /// A pid on the wire; `nil` for nothing. Throws `invalid_request`.
    init?(processNumber number: Int?) throws(RegistryError) {
        guard let number else { return nil }
        guard let pid = Int32(exactly: number), pid > 0 else {
            throw RegistryError(.invalidRequest, "pid must be a process's number", subject: "\(number)")
        }
        self = pid
    }
}

extension Port {
    /// A port in a path or a query. Throws `invalid_port`.
    init(named text: String) throws(RegistryError) {
        guard let port = Port(text) else {
            throw RegistryError(.invalidPort, "port must be between 1 and 65535", subject: text)
        }
        self = port
    }

    /// A port from the wire, where 0 and nothing leave it open. Throws `invalid_port`.
    init?(optional number: Int?) throws(RegistryError) {
        guard let number, number != 0 else { return nil }
        guard let port = Port(number) else {
            throw RegistryError(.invalidPort, "port must be between 1 and 65535", subject: "\(number)")
        }
        self = port
    }
}
