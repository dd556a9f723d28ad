import FoundationEssentials
import GRDB
import PortModel
import PortRegistry
import Testing

@testable import PortStore

@Suite struct SQLiteStoreTests {
    private let now = Timestamp(milliseconds: 1_700_000_000_000)

    private func new(_ path: String, _ port: Int, replica: Int = 0) throws -> NewAllocation {
        NewAllocation(
            identity: try ServiceIdentity(path: path)!,
            replica: replica,
            port: Port(port)!,
            directory: "/src",
            hold: Hold(face: .registry, placedAt: now, renewedAt: now, lifetime: .permanent)
        )
    }

    @Test func databaseIsOpenedSoThatCommitsSurviveAPowerCut() throws {
        let file = try TemporaryDatabase()
        let store = try SQLiteStore(path: file.path)
        let pragmas = try store.writer.writeWithoutTransaction { database in
            try ["journal_mode", "synchronous", "foreign_keys"].map {
                try String.fetchOne(database, sql: "PRAGMA \($0)")
            }
        }
        // 2 means FULL.
        #expect(pragmas == ["wal", "2", "1"])
    }

    @Test func schemaRefusesASecondAllocationOfAPort() throws {
        let store = try SQLiteStore(inMemoryWith: .init())
        _ = try store.write { try $0.insert(new("a/main/web", 3000)) }
        #expect(throws: RegistryError.self) { try store.write { try $0.insert(new("b/main/web", 3000)) } }
        #expect(throws: RegistryError.self) { try store.write { try $0.insert(new("a/main/web", 3001)) } }
        _ = try store.write { try $0.insert(new("a/main/web", 3001, replica: 1)) }
        #expect(try store.write { try $0.allocationCount() } == 2)
    }

    @Test func failedTransactionLeavesNothingInDatabaseOrIndex() throws {
        let store = try SQLiteStore(inMemoryWith: .init())
        struct Interrupted: Error {}
        #expect(throws: RegistryError.self) {
            try store.write { transaction in
                _ = try transaction.insert(new("a/main/web", 3000))
                throw Interrupted()
            }
        }
        try store.write { transaction in
            #expect(!transaction.allocatedPorts.contains(Port(3000)!))
            #expect(!transaction.rememberedPorts.contains(Port(3000)!))
            let count = try transaction.allocationCount()
            #expect(count == 0)
        }
    }

    @Test func allocationReadsBackAsItWasWritten() throws {
        let store = try SQLiteStore(inMemoryWith: .init())
        let made = try store.write { try $0.insert(new("a/x/web", 3000)) }
        #expect(try store.write { try $0.allocation(on: Port(3000)!) } == made)
        #expect(made.directory == "/src" && made.createdAt == now)
    }

    @Test func allocationsOfManyPortsAreFoundAtOnce() throws {
        let store = try SQLiteStore(inMemoryWith: .init())
        let made = try store.write { transaction in
            try (3000..<4200).map { try transaction.insert(new("a/main/s\($0)", $0)) }
        }
        let ports = Set((3000...4500).filter { $0 % 2 == 0 }.compactMap { Port($0) })
        #expect(try store.write { try $0.allocations(on: ports) } == made.filter { ports.contains($0.port) })
        #expect(try store.write { try $0.allocations(on: []) } == [])
    }

    @Test func projectReadsBackAsItWasRecorded() throws {
        let store = try SQLiteStore(inMemoryWith: .init())
        let identity = DirectoryIdentity(
            inode: .max,
            birthTime: 1_700_000_000_123_456_789,
            device: .max - 1,
            boot: "b",
            mountPoint: "/mnt: x"
        )
        let shop = RecordedProject(app: "shop", root: "/x/shop", rootIdentity: identity)
        try store.write { try $0.record(shop) }
        #expect(try store.write { try $0.project(ofApp: "shop") } == shop)
        #expect(try store.write { try $0.projects(withInode: .max) } == [shop])
        // A client that does not know the identity leaves it as it is.
        try store.write { try $0.record(RecordedProject(app: "shop", root: "/x/shop")) }
        #expect(try store.write { try $0.project(atRoot: "/x/shop") } == shop)
        let moved = RecordedProject(app: "shop", root: "/y/shop")
        try store.write { try $0.record(moved) }
        #expect(try store.write { try $0.project(ofApp: "shop") } == moved)
        #expect(try store.write { try $0.project(atRoot: "/x/shop") } == nil)
    }

    @Test func endingAnAllocationEndsItsHolds() throws {
        let store = try SQLiteStore(inMemoryWith: .init())
        let made = try store.write { try $0.insert(new("a/main/web", 3000)) }
        try store.write { try $0.delete(made, at: now) }
        let holds = try store.writer.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM hold") }
        #expect(holds == 0)
    }

    @Test func twoProcessesOnOneFileSeeEachOthersAdditionsAndRemovals() throws {
        let file = try TemporaryDatabase()
        let one = try SQLiteStore(path: file.path)
        let other = try SQLiteStore(path: file.path)
        let first = try one.write { try $0.insert(new("a/main/web", 3000)) }
        try other.write { transaction in
            #expect(transaction.allocatedPorts.map(\.number) == [3000])
            _ = try transaction.insert(new("b/main/web", 3001))
        }
        try one.write { transaction in
            #expect(transaction.allocatedPorts.map(\.number) == [3000, 3001])
            try transaction.delete(first, at: now)
        }
        try other.write { transaction in
            #expect(transaction.allocatedPorts.map(\.number) == [3001])
            #expect(transaction.rememberedPorts.map(\.number) == [3000, 3001])
            try transaction.forget(ServiceIdentity(path: "a/main/web")!)
        }
        try one.write { transaction in
            #expect(transaction.rememberedPorts.map(\.number) == [3001])
        }
    }

    @Test func externalRevisionChangesOnlyWithTheCommitsOfOthers() throws {
        let file = try TemporaryDatabase()
        let (ours, theirs) = (try SQLiteStore(path: file.path), try SQLiteStore(path: file.path))
        func commit(_ port: Int, to store: SQLiteStore) throws {
            _ = try store.write { try $0.insert(new("shop/main/s\(port)", port)) }
        }
        let first = try ours.externalRevision()
        try commit(3000, to: ours)
        #expect(try ours.externalRevision() == first)
        try commit(3001, to: theirs)
        let second = try ours.externalRevision()
        #expect(second != first)
        // A transaction of ours that has seen theirs does not hide it.
        try commit(3002, to: theirs)
        try commit(3003, to: ours)
        #expect(try ours.externalRevision() != second)
    }

    private func owner(_ pid: Int) -> Owner {
        Owner(pid: Int32(pid), startTime: 1, pidfdInode: UInt64.max, boot: "boot")
    }

    /// Returns the hold as it is after the exit of its owner.
    private func ended(_ hold: Hold) -> Hold {
        guard let owner = hold.owner else { return hold }
        var hold = hold
        let deadline = Uptime(boot: "boot", milliseconds: 5)
        hold.lifetime = .process(owner, grace: 300, ttl: nil, deadline: deadline)
        return hold
    }

    @Test func everyLifetimeReadsBackAsItWasWritten() throws {
        let store = try SQLiteStore(inMemoryWith: .init())
        let deadline = Uptime(boot: "boot", milliseconds: 5)
        let lifetimes: [Hold.Lifetime] = [
            .permanent, .ttl(seconds: 300, deadline: deadline),
            .process(owner(7), grace: 0, ttl: nil, deadline: nil),
            .process(Owner(pid: 8, startTime: 9, pidfdInode: nil, boot: "boot"), grace: 3, ttl: 4, deadline: deadline),
        ]
        let made = try store.write { try $0.insert(new("a/main/web", 3000)) }
        var changed = made
        changed.holds = lifetimes.map { Hold(face: .leases, placedAt: now, renewedAt: now, lifetime: $0) }
        let metadata: [String: JSONValue] = ["k": .text("v"), "n": .list([.integer(1), .null, .number(0.5)])]
        changed.details = try AllocationDetails(tags: ["x", "ä \"q\""], metadata: metadata)
        changed.directory = nil
        let saved = try store.write { try $0.save(changed, replacing: made) }
        let read = try store.write { try $0.allocation(id: made.id) }
        #expect(read == saved && saved.holds.map(\.lifetime) == lifetimes && saved.details == changed.details)
        #expect(Set(saved.holds.map(\.id)).count == 4)
    }

    @Test func indexMatchesTheTablesAfterRandomChanges() throws {
        let file = try TemporaryDatabase()
        let stores = [try SQLiteStore(path: file.path), try SQLiteStore(path: file.path)]
        var state: UInt64 = 7
        func random(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % count
        }
        for _ in 0..<300 {
            try stores[random(2)].write { transaction in
                let identity = try ServiceIdentity(path: "a/main/s\(random(12))")!
                let lifetime = Hold.Lifetime.process(owner(random(4)), grace: 0, ttl: nil, deadline: nil)
                let hold = Hold(face: .registry, placedAt: now, renewedAt: now, lifetime: lifetime)
                if var held = try transaction.allocations(of: identity).first, random(2) == 0 {
                    let before = held
                    switch random(4) {
                    case 0: held.holds.append(hold)
                    case 1: held.holds = []
                    case 2: held.holds = held.holds.map { ended($0) }
                    default: held.port = Port(3000 + random(20))!
                    }
                    let holder = try transaction.allocation(on: held.port)
                    if holder == nil || holder?.id == held.id { _ = try transaction.save(held, replacing: before) }
                } else if let held = try transaction.allocations(of: identity).first {
                    try transaction.delete(held, at: now)
                    if random(3) == 0 { try transaction.forget(identity) }
                } else {
                    let port = Port(3000 + random(20))!
                    if try transaction.allocation(on: port) == nil {
                        _ = try transaction.insert(
                            NewAllocation(
                                identity: identity,
                                replica: 0,
                                port: port,
                                directory: nil,
                                hold: hold
                            )
                        )
                    }
                }
            }
            for store in stores {
                let (allocated, remembered, owners) = try store.write {
                    ($0.allocatedPorts, $0.rememberedPorts, $0.livingOwners)
                }
                let living = try store.writer.read {
                    try Int32.fetchSet(
                        $0,
                        sql: "SELECT owner_pid FROM hold WHERE deadline IS NULL AND kind = 'process'"
                    )
                }
                #expect(Set(owners.all.map(\.pid)) == living)
                let tables = try store.writer.read { database in
                    (
                        try Int.fetchAll(database, sql: "SELECT port FROM allocation ORDER BY port"),
                        try Int.fetchAll(database, sql: "SELECT DISTINCT port FROM remembered ORDER BY port")
                    )
                }
                #expect(allocated.map { Int($0.number) } == tables.0)
                #expect(remembered.map { Int($0.number) } == tables.1)
            }
        }
    }

    @Test func journalKeepsOnlyTheNewestEntries() async throws {
        let store = try SQLiteStore(inMemoryWith: .init(journal: 3, remembered: 10))
        for number in 1...5 {
            try store.write { transaction in
                try transaction.record(
                    JournalEntry(
                        at: now,
                        action: .refused,
                        caller: Caller(face: .registry, name: "test"),
                        identity: nil,
                        port: Port(number),
                        reason: nil
                    )
                )
            }
        }
        #expect(try await store.read { try $0.journal(limit: 10) }.map { $0.port?.number } == [5, 4, 3])
    }

    @Test func rememberedPortsAreTrimmedLeastRecentlyUsedFirst() throws {
        let store = try SQLiteStore(inMemoryWith: .init(journal: 10, remembered: 100))
        for number in 0..<1000 {
            try store.write { transaction in
                let made = try transaction.insert(new("a/main/s\(number)", 3000 + number))
                try transaction.delete(made, at: Timestamp(milliseconds: now.milliseconds + Int64(number) * 1000))
            }
        }
        try store.write { transaction in
            let ports = transaction.rememberedPorts.map { Int($0.number) }
            // Trimmed with every 256th new service.
            #expect(ports.count <= 100 + 256)
            #expect(ports.max() == 3999 && ports.min()! > 3500)
        }
    }

    @Test func newerSchemaIsRefusedAndLeftAlone() throws {
        let file = try TemporaryDatabase()
        _ = try SQLiteStore(path: file.path)
        try DatabaseQueue(path: file.path).write {
            try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('v99: from the future')")
        }
        #expect { try SQLiteStore(path: file.path) } throws: { ($0 as? RegistryError)?.code == .schemaTooNew }
        let migrations = try DatabaseQueue(path: file.path).read {
            try String.fetchAll($0, sql: "SELECT identifier FROM grdb_migrations ORDER BY identifier")
        }
        #expect(migrations.count == Migrations.all.migrations.count + 1)
    }

    @Test func fileThatIsNotADatabaseIsRefusedAndLeftAlone() throws {
        let file = try TemporaryDatabase()
        let text = Data(repeating: 65, count: 8192)
        try text.write(to: URL(filePath: file.path))
        #expect { try SQLiteStore(path: file.path) } throws: { ($0 as? RegistryError)?.code == .storageFailed }
        #expect(try Data(contentsOf: URL(filePath: file.path)) == text)
    }

    @Test func writesFailOnceTheFileIsRemoved() throws {
        let file = try TemporaryDatabase()
        let store = try SQLiteStore(path: file.path)
        _ = try store.write { try $0.insert(new("a/main/web", 3000)) }
        try FileManager.default.removeItem(atPath: file.path)
        #expect { try store.write { try $0.insert(new("a/main/db", 3001)) } } throws: {
            ($0 as? RegistryError)?.code == .storageFailed
        }
    }

    @Test func newFileMayBeOpenedManyTimesAtOnce() async throws {
        let file = try TemporaryDatabase()
        try await withThrowingTaskGroup(of: Void.self) { group in
            let path = file.path
            for _ in 0..<8 { group.addTask { _ = try SQLiteStore(path: path) } }
            try await group.waitForAll()
        }
        #expect(try SQLiteStore(path: file.path).schemaVersion() == Migrations.all.migrations.last)
    }
}
