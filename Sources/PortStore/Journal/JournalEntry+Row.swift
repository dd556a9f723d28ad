import GRDB
import PortModel
import PortRegistry

extension JournalEntry {
    /// The columns of the table `journal`.
    enum Column: Int, TableColumn {
        case id, at, action, face, caller, app, instance, service, port, reason
    }

    /// The columns to select.
    static let columns = Column.list

    /// Reads ``columns``.
    init(row columns: Columns) throws {
        let row = TableRow<Column>(columns)
        guard let action = Action(rawValue: try row[.action]) else { throw UnreadableRow(column: "journal.action") }
        guard let face = Face(rawValue: try row[.face]) else { throw UnreadableRow(column: "journal.face") }
        var identity: ServiceIdentity?
        if let app: String = try row[optional: .app], let instance: String = try row[optional: .instance],
            let service: String = try row[optional: .service]
        {
            identity = try ServiceIdentity(app: app, instance: instance, service: service)
        }
        try self.init(
            id: row[.id],
            at: Timestamp(milliseconds: row[.at]),
            action: action,
            caller: Caller(face: face, name: row[.caller]),
            identity: identity,
            port: (try row[optional: .port] as Int64?).flatMap { Port($0) },
            reason: row[optional: .reason]
        )
    }
}
