import FoundationEssentials
import GRDB
import PortModel
import PortRegistry
import Testing

@testable import PortStore

/// The migration of a database that the port-server of the port-server/portctl pair wrote.
@Suite struct TakeOverTests {
    private func oldDatabase(_ rows: String) throws -> TemporaryDatabase {
        let file = try TemporaryDatabase()
        try DatabaseQueue(path: file.path).write {
            try $0.execute(
                sql: """
                    CREATE TABLE allocations (
                        id INTEGER PRIMARY KEY AUTOINCREMENT, app TEXT NOT NULL, instance TEXT NOT NULL,
                        service TEXT NOT NULL, port INTEGER NOT NULL, created_at DATETIME NOT NULL,
                        UNIQUE (port), UNIQUE (app, instance, service)
                    );
                    INSERT INTO allocations (id, app, instance, service, port, created_at) VALUES \(rows);
                    """
            )
        }
        return file
    }

    @Test(arguments: [
        "'2025-02-08 15:04:05'", "'2025-02-08T15:04:05Z'", "'2025-02-08 15:04:05.123456789 +0000 UTC'", "1739027045",
    ])
    func migratedAllocationsKeepTheirIdsPortsAndTimes(_ time: String) async throws {
        let file = try oldDatabase("(3, 'myapp', 'dev', 'postgres', 5432, \(time))")
        let store = try SQLiteStore(path: file.path)
        let allocations = try await store.read { try $0.allocations(matching: AllocationFilter()) }
        #expect(allocations.map(\.id) == [3])
        #expect(allocations[0].identity.description == "myapp/dev/postgres")
        #expect(allocations[0].port == Port(5432))
        #expect(allocations[0].createdAt == Timestamp(milliseconds: 1_739_027_045_000))
        #expect(allocations[0].holds.map(\.lifetime) == [.permanent])
        #expect(allocations[0].holds.map(\.face) == [.registry])
    }

    @Test func migratedServicesKeepTheirPorts() async throws {
        let file = try oldDatabase("(1, 'a', 'dev', 'web', 3100, '2025-02-08 15:04:05')")
        let store = try SQLiteStore(path: file.path)
        try store.write { transaction in
            #expect(transaction.allocatedPorts.map(\.number) == [3100])
            #expect(transaction.rememberedPorts.map(\.number) == [3100])
        }
        let journal = try await store.read { try $0.journal(limit: 5) }
        #expect(journal.map(\.action) == [.takenOver])
    }

    @Test func invalidRowStaysInTheOldTable() async throws {
        let file = try oldDatabase(
            """
            (1, 'a', 'dev', 'web', 70000, '2025-02-08 15:04:05'), (2, '', 'dev', 'x', 80, 'x'),
            (3, 'a', 'd', 's', 81, 'x'),
            (4, 'tab' || char(9), 'd', 's', 82, 'x'), (5, 'a', 'line' || char(8232), 's', 83, 'x')
            """
        )
        let store = try SQLiteStore(path: file.path)
        #expect(try await store.read { try $0.allocations(matching: AllocationFilter()) }.map(\.id) == [3])
        let left = try await DatabaseQueue(path: file.path).read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM allocations")
        }
        #expect(left == 5)
    }

    @Test func reopeningMigratesNothingTwice() async throws {
        let file = try oldDatabase("(1, 'a', 'dev', 'web', 3100, '2025-02-08 15:04:05')")
        _ = try SQLiteStore(path: file.path)
        let store = try SQLiteStore(path: file.path)
        #expect(try await store.read { try $0.allocationCount() } == 1)
    }

    /// The names of the get-port service's columns, and its query.
    private static let query = "SELECT port, project, pid, started, last_seen FROM port_assignments"

    @Test func migratedAllocationsAreInTheTableOfTheGetPortService() throws {
        let file = try oldDatabase("(3, 'myapp', 'dev', 'postgres', 5432, 1739027045)")
        _ = try SQLiteStore(path: file.path)
        let rows = try DatabaseQueue(path: file.path).read { try Row.fetchAll($0, sql: Self.query) }
        let expected: Row = [
            "port": 5432, "project": "myapp/dev/postgres", "pid": nil, "started": 1_739_027_045_000,
            "last_seen": 1_739_027_045_000,
        ]
        #expect(rows == [expected])
    }

    @Test func tableThatTheGetPortServiceLeftIsKept() throws {
        let file = try TemporaryDatabase()
        try DatabaseQueue(path: file.path).write {
            try $0.execute(
                sql: """
                    CREATE TABLE port_assignments (
                        port INTEGER PRIMARY KEY, project TEXT NOT NULL, pid INTEGER NOT NULL,
                        started INTEGER NOT NULL, last_seen INTEGER NOT NULL
                    );
                    INSERT INTO port_assignments VALUES (3221, 'my-app', 12345, 1770463572228, 1770463577664);
                    """
            )
        }
        _ = try SQLiteStore(path: file.path)
        let ports = try DatabaseQueue(path: file.path).read { try Int.fetchAll($0, sql: Self.query) }
        #expect(ports == [3221])
    }
}
