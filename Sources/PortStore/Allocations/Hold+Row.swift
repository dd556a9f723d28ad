import GRDB
import PortModel

extension Hold {
    /// The columns that ``init(row:from:)`` reads.
    static let columns = """
        h.id, h.face, h.kind, h.placed_at, h.renewed_at, h.ttl_seconds, h.grace_seconds, h.boot, h.deadline,
        h.owner_pid, h.owner_start, h.owner_inode, h.owner_namespace
        """

    /// Reads ``columns`` beginning at position `start`; by default they follow the allocation's. Returns `nil` for an
    /// outer join's row without a hold.
    init?(row: Columns, from start: Int = 13) throws {
        guard let id: Int64 = try row[optional: start] else { return nil }
        guard let face = Face(rawValue: try row[start + 1]) else { throw UnreadableRow(column: "hold.face") }
        guard let kind = Kind(rawValue: try row[start + 2]) else { throw UnreadableRow(column: "hold.kind") }
        try self.init(
            id: id,
            face: face,
            placedAt: Timestamp(milliseconds: row[start + 3]),
            renewedAt: Timestamp(milliseconds: row[start + 4]),
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
