import Foundation
import GRDB
import PortModel
import PortRegistry
import Testing

@testable import PortStore

/// The files in which the other systems kept their ports.
@Suite struct ImportedFileTests {
    private let file = try! TemporaryDatabase()

    private func read(_ sql: String) throws -> ImportedFile {
        try DatabaseQueue(path: file.path).write { try $0.execute(sql: sql) }
        return try ImportedFile(databaseCopy: file.path, subject: "FILE")
    }

    private func refusal(_ body: () throws -> ImportedFile) -> RegistryError? {
        do {
            _ = try body()
            return nil
        } catch {
            return error as? RegistryError
        }
    }

    private static let assignments = """
        CREATE TABLE port_assignments (
            port INTEGER PRIMARY KEY, project TEXT NOT NULL, pid INTEGER NOT NULL, started INTEGER NOT NULL,
            last_seen INTEGER NOT NULL
        );
        """

    @Test func assignmentsOfTheGetPortServiceAreRead() throws {
        let content = try read(
            Self.assignments
                + "INSERT INTO port_assignments VALUES (3100, 'windags-ai', 12345, 1770463572228, 1770463577664);"
        )
        #expect(content.face == .projects && content.source == "the get-port service")
        #expect(content.rows.map(\.port) == [3100] && content.rows.map(\.pid) == [12345])
        #expect(content.rows.map(\.seenAt) == [1_770_463_577_664])
        #expect(try content.rows.map { try $0.identity.get().description } == ["windags-ai/default/default"])
    }

    @Test func leasesAreReadWithoutOwners() throws {
        let content = try read(
            """
            CREATE TABLE leases (port INTEGER PRIMARY KEY, service_name TEXT, allocated_at INTEGER,
                last_heartbeat INTEGER, ttl_seconds INTEGER, tags TEXT, colour TEXT);
            INSERT INTO leases VALUES (8001, 'my-api', 1, 2, 300, '[]', 'blue'), (8002, 'my-api', 1, 2, 300, '[]', '');
            """
        )
        #expect(content.face == .leases && content.rows.map(\.port) == [8001, 8002])
        #expect(content.rows.map(\.pid) == [nil, nil])
    }

    @Test func tableIsRecognisedByItsColumns() throws {
        let content = try read(
            """
            CREATE TABLE "odd ""name" (Port INTEGER, Project TEXT);
            INSERT INTO "odd ""name" VALUES (3100, 'a'), ('x', 'b'), (3102, NULL), (3103, x'00'), (NULL, 'c');
            """
        )
        #expect(content.rows.map(\.port) == [3100, nil, 3102, 3103, nil])
        #expect(content.rows.map { (try? $0.identity.get()) != nil } == [true, true, false, false, true])
    }

    @Test(arguments: [
        "CREATE TABLE t (a INTEGER)", "CREATE TABLE port_assignments (number INTEGER, project TEXT)",
        "CREATE VIEW port_assignments AS SELECT 3000 AS port, 'a' AS project",
    ])
    func otherDatabaseIsRefusedWithWhatWasExpected(_ sql: String) throws {
        let refusal = try #require(refusal { try read(sql) })
        #expect(refusal.message.hasPrefix("FILE has no"))
        for name in ["port-registry.db", "port_assignments", "leases.db", "service_name", "port-registry.json"] {
            #expect(refusal.hint?.contains(name) == true, "\(name)")
        }
    }

    @Test func databaseOfPortServerIsTakenOverElsewhere() throws {
        let refusal = refusal { try read("CREATE TABLE allocations (port, app, instance, service)") }
        #expect(refusal?.message == "FILE is a database of port-server")
    }

    @Test func truncatedDatabaseIsRefused() throws {
        _ = try read(
            Self.assignments
                + """
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
                INSERT INTO port_assignments SELECT i, 'project-' || i, 1, 1, 1 FROM n;
                """
        )
        let whole = try Data(contentsOf: URL(filePath: file.path))
        for size in [100, 4096, whole.count / 2] {
            try whole.prefix(size).write(to: URL(filePath: file.path))
            let refusal = refusal { try ImportedFile(databaseCopy: file.path, subject: "FILE") }
            #expect(refusal?.message.contains("damaged") == true, "\(size): \(String(describing: refusal))")
        }
    }

    @Test func moreRowsThanAnySystemHasAreRefused() throws {
        func fill(_ count: Int) throws -> ImportedFile {
            try read(
                """
                DROP TABLE IF EXISTS leases; CREATE TABLE leases (port INTEGER, service_name TEXT);
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count))
                INSERT INTO leases SELECT i, 'service' FROM n;
                """
            )
        }
        #expect(try fill(20_000).rows.count == 20_000)
        #expect(refusal { try fill(20_001) }?.message.contains("more than 20000 entries") == true)
    }

    // JSON.

    private func json(_ text: String) throws -> ImportedFile {
        try ImportedFile(json: Array(text.utf8), subject: "FILE")
    }

    @Test(arguments: [
        #"[{"port": 3001, "allocatedAt": "2025-11-26T10:00:00.000Z", "pid": 12345}]"#,
        #"{"allocations": [{"port": 3001, "allocatedAt": "2025-11-26T10:00:00Z", "pid": 12345}]}"#,
        #"{"version": 1, "ports": {"3001": {"allocatedAt": 1764151200000, "pid": 12345}}}"#,
        #"{"3001": {"allocatedAt": 1764151200, "pid": 12345, "port": 3001}}"#,
        "\u{FEFF}"
            + #"[{"port": 3001, "allocatedAt": "2025-11-26T10:00:00Z", "pid": 12345, "more": [null, 1.5, true]}]"#,
    ])
    func entriesOfPortManagerAreReadInEveryShape(_ text: String) throws {
        let content = try json(text)
        #expect(content.face == .manager && content.rows.map(\.port) == [3001])
        #expect(content.rows.map(\.pid) == [12345] && content.rows.map(\.seenAt) == [1_764_151_200_000])
        #expect(try content.rows[0].identity.get() == .unnamed)
    }

    @Test func metadataNamesTheService() throws {
        let content = try json(
            #"""
            [{"port": 43114, "metadata": {"app": "miyabi", "worktree": "feature/new-ui", "role": "frontend"}},
             {"port": 43115, "metadata": {"app": "miyabi", "label": "api", "note": {"deep": [1]}}}]
            """#
        )
        let identities = try content.rows.map { try $0.identity.get().description }
        #expect(identities == ["miyabi/feature/new-ui/frontend", "miyabi/default/api"])
    }

    @Test(arguments: ["[]", "{}", #"{"allocations": {}}"#]) func emptyRegistryHasNoRows(_ text: String) throws {
        #expect(try json(text).rows.isEmpty)
    }

    @Test(arguments: [
        "", "[", #"[{"port": 3001"#, "3000", "null", "[3000]", #"{"name": "x"}"#, #"[{"a": 1}]"#, "hello",
    ])
    func otherTextIsRefusedWithWhatWasExpected(_ text: String) throws {
        let refusal = try #require(refusal { try json(text) })
        #expect(refusal.message.hasPrefix("FILE "))
        #expect(refusal.hint?.contains("port-registry.json") == true)
    }

    @Test func deeplyNestedJSONIsRefused() {
        let text = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
        #expect(refusal { try json(text) } != nil)
    }
}
