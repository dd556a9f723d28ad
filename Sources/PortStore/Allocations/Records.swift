import GRDB
import PortModel
import PortRegistry

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Allocation {
    /// The columns that ``init(row:)`` reads.
    static let columns =
        "a.id, a.app, a.instance, a.service, a.replica, a.port, a.folder, a.created_at, a.tags, a.metadata, "
        + "a.known_socket, a.group_id, a.asker_pid"

    /// Reads ``columns``; the holds are to be added.
    init(row: Columns) throws {
        guard let port = Port(try row[5] as Int64) else { throw UnreadableRow(column: "allocation.port") }
        try self.init(
            id: row[0],
            identity: ServiceIdentity(app: row[1], instance: row[2], service: row[3]),
            replica: row[4],
            port: port,
            directory: row[optional: 6],
            createdAt: Date(milliseconds: row[7]),
            details: AllocationDetails(tags: row[8], metadata: row[9]),
            group: row[optional: 11],
            requestedByPID: row[optional: 12],
            knownSocket: row[optional: 10],
            holds: []
        )
    }
}

extension AllocationDetails {
    /// Nearly all have neither, and JSON takes its time.
    private static let noTexts = (tags: "[]", metadata: "{}")

    /// Reads two JSON texts.
    fileprivate init(tags: String, metadata: String) throws {
        if tags == Self.noTexts.tags && metadata == Self.noTexts.metadata {
            self.init()
            return
        }
        let decoder = JSONDecoder()
        try self.init(
            tags: decoder.decode([String].self, from: Data(tags.utf8)),
            metadata: decoder.decode([String: String].self, from: Data(metadata.utf8))
        )
    }

    /// As the columns tags and metadata store it.
    var texts: (tags: String, metadata: String) {
        get throws {
            if tags.isEmpty && metadata.isEmpty { return Self.noTexts }
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            return (
                String(decoding: try encoder.encode(tags), as: UTF8.self),
                String(decoding: try encoder.encode(metadata), as: UTF8.self)
            )
        }
    }
}

extension Hold {
    /// The columns that ``init(row:)`` reads, behind the allocation's.
    static let columns = """
        h.id, h.face, h.kind, h.placed_at, h.renewed_at, h.ttl_seconds, h.grace_seconds, h.boot, h.deadline,
        h.owner_pid, h.owner_start, h.owner_inode, h.owner_namespace
        """

    /// Reads ``columns``, of which the first is number `start`; `nil` when there is no hold.
    init?(row: Columns, from start: Int = 13) throws {
        guard let id: Int64 = try row[optional: start] else { return nil }
        guard let face = Face(rawValue: try row[start + 1]) else { throw UnreadableRow(column: "hold.face") }
        guard let kind = Kind(rawValue: try row[start + 2]) else { throw UnreadableRow(column: "hold.kind") }
        try self.init(
            id: id,
            face: face,
            placedAt: Date(milliseconds: row[start + 3]),
            renewedAt: Date(milliseconds: row[start + 4]),
            lifetime: .permanent
        )
        let boot: String? = try row[optional: start + 7]
        let deadline = (try row[optional: start + 8] as Int64?).map { Uptime(boot: boot ?? "", milliseconds: $0) }
        switch kind {
        case .permanent: break
        case .ttl:
            guard let deadline else { throw UnreadableRow(column: "hold.deadline") }
            lifetime = .ttl(seconds: try row[start + 5], deadline: deadline)
        case .process:
            let owner = try Owner(
                pid: row[start + 9],
                startTime: row[start + 10],
                pidfdInode: (try row[optional: start + 11] as Int64?).map { UInt64(bitPattern: $0) },
                namespace: (try row[optional: start + 12] as Int64?).map { UInt64(bitPattern: $0) },
                boot: boot ?? ""
            )
            lifetime = try .process(owner, grace: row[start + 6], ttl: row[optional: start + 5], deadline: deadline)
        }
    }

    /// The values of the columns that may change: renewed_at, ttl_seconds, grace_seconds, boot, deadline, owner_pid,
    /// owner_start, owner_inode, owner_namespace.
    var changingValues: [any StatementBinding] {
        var grace: Int?
        if case .process(_, let seconds, _, _) = lifetime { grace = seconds }
        return [
            renewedAt.milliseconds, ttl, grace, owner?.boot ?? deadline?.boot, deadline?.milliseconds, owner?.pid,
            owner?.startTime, owner?.pidfdInode.map { Int64(bitPattern: $0) },
            owner?.namespace.map { Int64(bitPattern: $0) },
        ]
    }
}

extension JournalEntry {
    /// Reads the columns at, action, face, caller, app, instance, service, port, reason, id.
    init(row: Columns) throws {
        guard let action = Action(rawValue: try row[1]) else { throw UnreadableRow(column: "journal.action") }
        guard let face = Face(rawValue: try row[2]) else { throw UnreadableRow(column: "journal.face") }
        var identity: ServiceIdentity?
        if let app: String = try row[optional: 4], let instance: String = try row[optional: 5],
            let service: String = try row[optional: 6]
        {
            identity = try ServiceIdentity(app: app, instance: instance, service: service)
        }
        try self.init(
            id: row[9],
            at: Date(milliseconds: row[0]),
            action: action,
            caller: Caller(face: face, name: row[3]),
            identity: identity,
            port: (try row[optional: 7] as Int64?).flatMap { Port($0) },
            reason: row[optional: 8]
        )
    }
}

/// A value that no version of this program wrote.
struct UnreadableRow: Error, CustomStringConvertible {
    let column: String

    var description: String { "unreadable value in \(column)" }
}
