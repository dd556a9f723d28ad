import FoundationEssentials
import GRDB
import PortModel
import PortRegistry
import Testing

@testable import PortStore

/// A damaged database is set aside as it is, and a new one is built from the rows that can still be read.
@Suite struct DatabaseRecoveryTests {
    private let file = try! TemporaryDatabase()
    private let now = Timestamp(milliseconds: 1_700_000_000_000)
    private let date = Date(timeIntervalSince1970: 1_700_000_000)
    private var recovery: DatabaseRecovery { DatabaseRecovery(path: file.path, isOurs: true) }

    /// Creates a database with `count` allocations from port 10,000 upward, and an empty log.
    private func fill(_ count: Int) throws {
        let store = try SQLiteStore(path: file.path)
        try store.write { transaction in
            for number in 0..<count {
                let new = NewAllocation(
                    identity: try ServiceIdentity(path: "app/main/service\(number)")!,
                    replica: 0,
                    port: Port(10_000 + number)!,
                    directory: "/src",
                    hold: Hold(face: .registry, placedAt: now, renewedAt: now, lifetime: .permanent)
                )
                _ = try transaction.insert(new)
            }
        }
        try close(store)
    }

    /// Closes the store with an empty write-ahead log.
    private func close(_ store: SQLiteStore) throws {
        try store.writer.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
        try store.writer.close()
    }

    private func bytes() throws -> Data { try Data(contentsOf: URL(filePath: file.path)) }

    private func change(_ body: (inout Data) throws -> Void) throws {
        var data = try bytes()
        try body(&data)
        try data.write(to: URL(filePath: file.path))
    }

    private func allocations() async throws -> [Allocation] {
        let store = try SQLiteStore(path: file.path)
        return try await store.read { try $0.allocations(matching: AllocationFilter()) }
    }

    /// Returns the numbers of the table's leaf pages, which begin with 1.
    private func leaves(of table: String) throws -> [Int] {
        try DatabaseQueue(path: file.path).read {
            let sql = "SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY path"
            return try Int.fetchAll($0, sql: sql, arguments: [table])
        }
    }

    private func pageSize() throws -> Int {
        try DatabaseQueue(path: file.path).read { try Int.fetchOne($0, sql: "PRAGMA page_size")! }
    }

    @Test func intactAndMissingDatabasesAreLeftAlone() throws {
        #expect(try recovery.recoverIfNeeded() == nil)
        #expect(!FileManager.default.fileExists(atPath: file.path))
        try fill(10)
        let before = try bytes()
        #expect(try recovery.recoverIfNeeded() == nil)
        #expect(try bytes() == before)
    }

    @Test func truncatedDatabaseIsRecoveredAndSetAside() async throws {
        try fill(2000)
        try change { $0 = $0.prefix($0.count / 2) }
        let damaged = try bytes()
        let report = try #require(try recovery.recoverIfNeeded(at: date))
        #expect(report.setAside == "\(file.path).damaged-20231114T221320Z")
        #expect(try Data(contentsOf: URL(filePath: report.setAside)) == damaged)
        let left = try await allocations()
        #expect(left.count == report.allocations && !left.isEmpty && left.count < 2000)
        for allocation in left {
            #expect(allocation.identity.service == "service\(allocation.port.number - 10_000)")
            #expect(allocation.holds.map(\.lifetime) == [.permanent])
        }
        let rows = try await DatabaseQueue(path: file.path).read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM port_assignments")
        }
        #expect(rows == left.count)
        #expect(try recovery.recoverIfNeeded() == nil)
    }

    @Test(arguments: [0.0, 0.5, 1.0]) func rowsBehindADamagedPageAreRecovered(_ place: Double) async throws {
        try fill(2000)
        let leaves = try leaves(of: "allocation")
        try #require(leaves.count > 20)
        let (leaf, size) = (leaves[Int(Double(leaves.count - 1) * place)], try pageSize())
        try change { data in
            for index in (leaf - 1) * size..<leaf * size { data[index] = 0xA5 }
        }
        let report = try #require(try recovery.recoverIfNeeded(at: date))
        let left = try await allocations()
        // Only the rows of one leaf are lost, and a leaf has fewer than twice the average number of rows.
        #expect(left.count == report.allocations && left.count < 2000 && left.count > 2000 - 2 * 2000 / leaves.count)
        #expect(Set(left.map(\.port)).count == left.count)
    }

    @Test func allocationWithUnreadableHoldsIsKeptUntilItIsReleased() async throws {
        try fill(500)
        let (leaves, size) = (try leaves(of: "hold"), try pageSize())
        try change { data in
            for leaf in leaves { for index in (leaf - 1) * size..<leaf * size { data[index] = 0 } }
        }
        _ = try #require(try recovery.recoverIfNeeded())
        let left = try await allocations()
        #expect(left.count == 500 && left.allSatisfy { $0.holds.map(\.lifetime) == [.permanent] })
    }

    @Test func rowsInTheWriteAheadLogAreRecovered() async throws {
        try fill(200)
        let size = try pageSize()
        let index = try #require(try leaves(of: "journal").first)
        // A row that is only in the log, beside a damaged page of the file. The log stays, as after SIGKILL.
        let store = try SQLiteStore(path: file.path)
        try store.write { transaction in
            let new = NewAllocation(
                identity: try ServiceIdentity(path: "late/main/web")!,
                replica: 0,
                port: Port(20_000)!,
                directory: nil,
                hold: Hold(face: .registry, placedAt: now, renewedAt: now, lifetime: .permanent)
            )
            _ = try transaction.insert(new)
        }
        let log = try Data(contentsOf: URL(filePath: file.path + "-wal"))
        try store.writer.close()
        try log.write(to: URL(filePath: file.path + "-wal"))
        try change { data in for place in (index - 1) * size..<index * size { data[place] = 0xA5 } }
        let report = try #require(try recovery.recoverIfNeeded())
        #expect(try await allocations().count == 201)
        #expect(try Data(contentsOf: URL(filePath: report.setAside + "-wal")) == log)
    }

    @Test func idsContinueAfterARecovery() async throws {
        try fill(300)
        let store = try SQLiteStore(path: file.path)
        try store.write { transaction in
            for id in 200...300 { try transaction.delete(try transaction.allocation(id: Int64(id))!, at: now) }
        }
        try close(store)
        try change { $0 = $0.prefix($0.count - 4096) }
        _ = try #require(try recovery.recoverIfNeeded())
        let again = try SQLiteStore(path: file.path)
        let made = try again.write { transaction in
            try transaction.insert(
                NewAllocation(
                    identity: try ServiceIdentity(path: "new/main/web")!,
                    replica: 0,
                    port: Port(20_000)!,
                    directory: nil,
                    hold: Hold(face: .registry, placedAt: now, renewedAt: now, lifetime: .permanent)
                )
            )
        }
        #expect(made.id > 300)
    }

    @Test(arguments: [
        "", "no database at all, but a text that is longer than a header of one hundred bytes needs to be…",
    ])
    func unreadableFileIsSetAsideAndReported(_ text: String) async throws {
        try Data(text.utf8).write(to: URL(filePath: file.path))
        let report = try #require(try recovery.recoverIfNeeded())
        #expect(report.allocations == 0)
        #expect(try Data(contentsOf: URL(filePath: report.setAside)) == Data(text.utf8))
        let store = try SQLiteStore(path: file.path)
        let (entries, predecessors) = try await store.read { (try $0.journal(limit: 9), try $0.damagedPredecessors()) }
        #expect(entries.map(\.action) == [.rebuilt])
        #expect(try #require(entries[0].reason).contains(report.setAside))
        #expect(predecessors == [report.setAside])
    }

    @Test func fileThatWasNeverARegistryIsNotTouched() throws {
        try Data("Dear diary".utf8).write(to: URL(filePath: file.path))
        #expect(try DatabaseRecovery(path: file.path, isOurs: false).recoverIfNeeded() == nil)
        #expect(try bytes() == Data("Dear diary".utf8))
        #expect(throws: RegistryError.self) { try SQLiteStore(path: file.path) }
    }

    @Test func writeAheadLogWithoutItsFileIsSetAside() throws {
        try Data(repeating: 7, count: 5000).write(to: URL(filePath: file.path + "-wal"))
        let report = try #require(try recovery.recoverIfNeeded())
        #expect(try Data(contentsOf: URL(filePath: report.setAside + "-wal")).count == 5000)
        _ = try SQLiteStore(path: file.path)
    }

    @Test func interruptedRecoveryIsFinished() async throws {
        try fill(50)
        try FileManager.default.moveItem(atPath: file.path, toPath: file.path + ".rebuilt")
        let report = try #require(try recovery.recoverIfNeeded())
        #expect(report.allocations == 50)
        #expect(try await allocations().count == 50)
        // A recovery that was interrupted earlier starts from the beginning.
        try Data("unfinished".utf8).write(to: URL(filePath: file.path + ".rebuilt"))
        try change { $0 = $0.prefix(8192) }
        _ = try #require(try recovery.recoverIfNeeded(at: date))
        _ = try SQLiteStore(path: file.path)
    }

    @Test func damageWhileTheDatabaseIsOpenIsReported() throws {
        try fill(2000)
        let store = try SQLiteStore(path: file.path)
        let (leaves, size) = (try leaves(of: "allocation"), try pageSize())
        try change { data in
            for leaf in leaves { for place in (leaf - 1) * size..<leaf * size { data[place] = 0xA5 } }
        }
        let error = #expect(throws: RegistryError.self) {
            try store.write { try $0.allocation(id: 1000) }
        }
        #expect(error?.code == .storageFailed && error?.hint?.contains("restart") == true)
    }
}
