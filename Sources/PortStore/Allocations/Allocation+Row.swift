import GRDB
import PortModel

extension Allocation {
    /// The columns of the table `allocation`.
    enum Column: Int, TableColumn {
        case id, app, instance, service, replica, port, directory, createdAt, tags, metadata, knownSocket, groupID
        case requestedByPID, knownBoot, knownIsOwn

        var otherName: String? {
            switch self {
            case .directory: "folder"
            case .requestedByPID: "asker_pid"
            default: nil
            }
        }
    }

    /// The columns to select, of the table named `a`.
    static let columns = Column.list(of: "a")

    /// Reads ``columns``. The allocation has no holds yet; the caller adds them.
    init(row columns: Columns) throws {
        let row = TableRow<Column>(columns)
        guard let port = Port(try row[.port] as Int64) else { throw UnreadableRow(column: "allocation.port") }
        try self.init(
            id: row[.id],
            identity: ServiceIdentity(app: row[.app], instance: row[.instance], service: row[.service]),
            replica: row[.replica],
            port: port,
            directory: row[optional: .directory],
            createdAt: Timestamp(milliseconds: row[.createdAt]),
            details: AllocationDetails(tagsJSON: row[.tags], metadataJSON: row[.metadata]),
            group: row[optional: .groupID],
            requestedByPID: row[optional: .requestedByPID],
            knownSocket: KnownSocket(
                inode: row[optional: .knownSocket],
                boot: row[optional: .knownBoot],
                isOwn: row[.knownIsOwn] as Int != 0
            ),
            holds: []
        )
    }
}

extension KnownSocket {
    /// Creates the socket from its columns; `nil` unless the first two have a value.
    fileprivate init?(inode: UInt32?, boot: String?, isOwn: Bool) {
        guard let inode, let boot else { return nil }
        self.init(inode: inode, boot: boot, isOwn: isOwn)
    }
}
