import GRDB
import PortModel

extension Hold {
    /// The columns of the table `hold`.
    enum Column: Int, TableColumn {
        case id, face, kind, placedAt, renewedAt, ttlSeconds, graceSeconds, boot, deadline
        case ownerPID, ownerStart, ownerInode, ownerNamespace, originDirectory, originTime, isCommand

        var otherName: String? { self == .originDirectory ? "origin_folder" : nil }
    }

    /// The columns to select, of the table named `h`.
    static let columns = Column.list(of: "h")

    /// Reads ``columns`` beginning at position `start`; by default they follow the allocation's. Returns `nil` for an
    /// outer join's row without a hold.
    init?(row columns: Columns, from start: Int = Allocation.Column.allCases.count) throws {
        let row = TableRow<Column>(columns, from: start)
        guard let id: Int64 = try row[optional: .id] else { return nil }
        guard let face = Face(rawValue: try row[.face]) else { throw UnreadableRow(column: "hold.face") }
        guard let kind = Kind(rawValue: try row[.kind]) else { throw UnreadableRow(column: "hold.kind") }
        try self.init(
            id: id,
            face: face,
            placedAt: Timestamp(milliseconds: row[.placedAt]),
            renewedAt: Timestamp(milliseconds: row[.renewedAt]),
            lifetime: .permanent,
            origin: Origin(
                directory: (row[optional: .originDirectory] as String?).flatMap { DirectoryStamp($0) },
                processTime: row[optional: .originTime],
                isCommand: row[.isCommand] as Int != 0
            )
        )
        let boot: String? = try row[optional: .boot]
        let deadline = (try row[optional: .deadline] as Int64?).map { Uptime(boot: boot ?? "", milliseconds: $0) }
        switch kind {
        case .permanent: break
        case .ttl:
            guard let deadline else { throw UnreadableRow(column: "hold.deadline") }
            lifetime = .ttl(seconds: try row[.ttlSeconds], deadline: deadline)
        case .process:
            let owner = try Owner(
                pid: row[.ownerPID],
                startTime: row[.ownerStart],
                pidfdInode: (try row[optional: .ownerInode] as Int64?).map { UInt64(bitPattern: $0) },
                namespace: (try row[optional: .ownerNamespace] as Int64?).map { UInt64(bitPattern: $0) },
                boot: boot ?? ""
            )
            lifetime = try .process(
                owner,
                grace: row[.graceSeconds],
                ttl: row[optional: .ttlSeconds],
                deadline: deadline
            )
        }
    }

    /// The values of the columns that may change: renewed_at, ttl_seconds, grace_seconds, boot, deadline, owner_pid,
    /// owner_start, owner_inode, owner_namespace, origin_folder, origin_time, is_command.
    var changingValues: [any StatementBinding] {
        var grace: Int?
        if case .process(_, let seconds, _, _) = lifetime { grace = seconds }
        return [
            renewedAt.milliseconds, ttl, grace, owner?.boot ?? deadline?.boot, deadline?.milliseconds, owner?.pid,
            owner?.startTime, owner?.pidfdInode.map { Int64(bitPattern: $0) },
            owner?.namespace.map { Int64(bitPattern: $0) }, origin.directory?.description, origin.processTime,
            origin.isCommand,
        ]
    }
}
