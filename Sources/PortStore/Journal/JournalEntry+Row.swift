import GRDB
import PortModel
import PortRegistry

extension JournalEntry {
    /// The columns that ``init(row:)`` reads.
    static let columns = "at, action, face, caller, app, instance, service, port, reason, id"

    /// Reads ``columns``.
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
            at: Timestamp(milliseconds: row[0]),
            action: action,
            caller: Caller(face: face, name: row[3]),
            identity: identity,
            port: (try row[optional: 7] as Int64?).flatMap { Port($0) },
            reason: row[optional: 8]
        )
    }
}
