import GRDB
package import PortModel
import PortRegistry

extension ImportedFile {
    /// The columns by which a table is recognised; its documented name only decides between several.
    private struct Table {
        let name: String
        let source: String
        let face: Face
        let service: String
        /// When a row was last known to be right, the best one first.
        let times: [String]

        static let all = [
            Table(
                name: "port_assignments",
                source: "the get-port service",
                face: .projects,
                service: "project",
                times: ["last_seen", "started"]
            ),
            Table(
                name: "leases",
                source: "PortManager's leases",
                face: .leases,
                service: "service_name",
                times: ["last_heartbeat", "allocated_at"]
            ),
        ]
    }

    /// Reads the database at `path`, which must be a private copy: SQLite may write to it. `subject` is the path of the
    /// original, for messages. Throws `invalid_request`.
    package init(databaseCopy path: String, subject: String) throws(RegistryError) {
        do {
            var configuration = Configuration()
            configuration.foreignKeysEnabled = false
            // The schema is another program's: nothing in it may call functions with side effects.
            configuration.prepareDatabase { try $0.execute(sql: "PRAGMA trusted_schema = OFF") }
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            self = try queue.writeWithoutTransaction { try ImportedFile(reading: $0, subject: subject) }
        } catch let error as RegistryError {
            throw error
        } catch {
            let reason = (error as? DatabaseError)?.message ?? "no details"
            throw Self.unknown(subject, "is damaged, or no SQLite database that can be read: \(reason)")
        }
    }

    private init(reading database: Database, subject: String) throws {
        let findings = try String.fetchAll(database, sql: "PRAGMA quick_check(1)")
        guard findings == ["ok"] else {
            // The first line names the database, the second one the fault.
            let fault = findings.first?.split(separator: "\n").last.map(String.init) ?? "no details"
            throw Self.unknown(subject, "is damaged: \(fault.oneLine)")
        }
        // Neither views nor virtual tables, which compute what they return.
        let tables = try String.fetchAll(
            database,
            sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
        )
        var columns: [String: Set<String>] = [:]
        for table in tables {
            let names = try Row.fetchAll(database, sql: "SELECT name FROM pragma_table_info(?)", arguments: [table])
            columns[table] = Set(names.map { ($0[0] as String).lowercased() })
        }
        for known in Table.all {
            let fitting = tables.filter { columns[$0]!.isSuperset(of: ["port", known.service]) }
            guard let name = fitting.first(where: { $0.lowercased() == known.name }) ?? fitting.first else { continue }
            source = known.source
            face = known.face
            rows = try Self.rows(of: name, as: known, columns: columns[name]!, in: database, subject: subject)
            return
        }
        let found = tables.isEmpty ? "has no tables" : "has none of the tables that can be imported"
        guard !tables.contains(where: { columns[$0]!.isSuperset(of: ["port", "app", "instance", "service"]) }) else {
            throw RegistryError(
                .invalidRequest,
                "\(subject.oneLine) is a database of port-server",
                subject: subject,
                remedies: [
                    .advice("it is taken over by itself when it is ports.db in the home"), .findDatabase,
                ]
            )
        }
        throw Self.unknown(subject, found)
    }

    private static func rows(
        of name: String,
        as table: Table,
        columns: Set<String>,
        in database: Database,
        subject: String
    ) throws -> [ImportRow] {
        let times = table.times.filter(columns.contains).map { "\"\($0)\"" }
        let time = times.isEmpty ? "NULL" : "coalesce(\(times.joined(separator: ", ")), NULL)"
        let pid = columns.contains("pid") ? "pid" : "NULL"
        // Longer names are invalid, and need not be read whole.
        let sql = """
            SELECT port, substr("\(table.service)", 1, \(2 * Name.maximumBytes)), \(pid), \(time)
            FROM "\(name.replacing("\"", with: "\"\""))" LIMIT \(maximumRows + 1)
            """
        let rows = try Row.fetchAll(database, sql: sql).map { row in
            let name = text(row[1])
            return ImportRow(
                name: name,
                port: integer(row[0]),
                pid: integer(row[2]),
                seenAt: integer(row[3]).map(milliseconds),
                identity: { () throws(RegistryError) in try ServiceIdentity(machineWide: name ?? "") }
            )
        }
        guard rows.count <= maximumRows else { throw tooManyRows(subject) }
        return rows
    }

    // Not inlined, since Swift 6.3.1's optimizer then aborts (in CopyPropagation).
    @inline(never)
    private static func text(_ value: DatabaseValue) -> String? {
        if case .string(let text) = value.storage { text } else { nil }
    }

    @inline(never)
    private static func integer(_ value: DatabaseValue) -> Int64? {
        if case .int64(let number) = value.storage { number } else { nil }
    }
}
