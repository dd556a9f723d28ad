import GRDB
import PortModel

extension Allocation {
    /// The columns that ``init(row:)`` reads.
    static let columns =
        "a.id, a.app, a.instance, a.service, a.replica, a.port, a.folder, a.created_at, a.tags, a.metadata, "
        + "a.known_socket, a.group_id, a.asker_pid"

    /// Reads ``columns``. The allocation has no holds yet; the caller adds them.
    init(row: Columns) throws {
        guard let port = Port(try row[5] as Int64) else { throw UnreadableRow(column: "allocation.port") }
        try self.init(
            id: row[0],
            identity: ServiceIdentity(app: row[1], instance: row[2], service: row[3]),
            replica: row[4],
            port: port,
            directory: row[optional: 6],
            createdAt: Timestamp(milliseconds: row[7]),
            details: AllocationDetails(tagsJSON: row[8], metadataJSON: row[9]),
            group: row[optional: 11],
            requestedByPID: row[optional: 12],
            knownSocket: row[optional: 10],
            holds: []
        )
    }
}
