internal import GRDB
internal import PortModel
internal import PortRegistry

#if canImport(FoundationEssentials)
    internal import struct FoundationEssentials.Date
#else
    internal import struct Foundation.Date
#endif

extension Date {
    /// As the database stores it: milliseconds since 1970.
    var milliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded()) }

    init(milliseconds: Int64) { self.init(timeIntervalSince1970: Double(milliseconds) / 1000) }
}

extension Allocation {
    /// Reads the columns id, app, instance, service, replica, port, folder, created_at.
    init(row: Row, hold: Hold) throws {
        guard let port = Port(row[5] as Int64) else { throw UnreadableRow(column: "allocation.port") }
        self.init(
            id: row[0],
            identity: try ServiceIdentity(app: row[1], instance: row[2], service: row[3]),
            replica: row[4],
            port: port,
            folder: row[6],
            createdAt: Date(milliseconds: row[7]),
            holds: [hold]
        )
    }

    func adding(_ hold: Hold) -> Allocation {
        Allocation(
            id: id,
            identity: identity,
            replica: replica,
            port: port,
            folder: folder,
            createdAt: createdAt,
            holds: holds + [hold]
        )
    }
}

extension Hold {
    /// Reads the columns kind and face behind an allocation's.
    init(row: Row) throws {
        guard let kind = Kind(rawValue: row[8]) else { throw UnreadableRow(column: "hold.kind") }
        guard let face = Face(rawValue: row[9]) else { throw UnreadableRow(column: "hold.face") }
        self.init(kind: kind, face: face)
    }
}

extension JournalEntry {
    /// Reads the columns at, action, face, caller, app, instance, service, port, reason.
    init(row: Row) throws {
        guard let action = Action(rawValue: row[1]) else { throw UnreadableRow(column: "journal.action") }
        guard let face = Face(rawValue: row[2]) else { throw UnreadableRow(column: "journal.face") }
        var identity: ServiceIdentity?
        if let app: String = row[4], let instance: String = row[5], let service: String = row[6] {
            identity = try ServiceIdentity(app: app, instance: instance, service: service)
        }
        self.init(
            at: Date(milliseconds: row[0]),
            action: action,
            asker: Asker(face: face, caller: row[3]),
            identity: identity,
            port: (row[7] as Int64?).flatMap { Port($0) },
            reason: row[8]
        )
    }
}

/// A value that no version of this program wrote.
struct UnreadableRow: Error, CustomStringConvertible {
    let column: String

    var description: String { "unreadable value in \(column)" }
}
