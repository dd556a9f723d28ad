import PortModel
import PortRegistry
import PortTestSupport
import Testing

/// What is taken over from other systems' files.
@Suite struct ImportTests {
    private let test = try! TestRegistry()

    private func row(_ name: String, _ port: Int64?, pid: Int64? = nil, seenAt: Int64? = nil) -> ImportRow {
        ImportRow(name: name, port: port, pid: pid, seenAt: seenAt) { () throws(RegistryError) in
            try ServiceIdentity(machineWide: name)
        }
    }

    @Test func rowsThatCannotBeImportedAreSkippedWithTheirReasons() {
        let list = ImportList(
            [
                row("zero", 0), row("large", 70_000), row("huge", .max), row("negative", -1), row("none", nil),
                row("", 3000), row("a\nb", 3001), row(String(repeating: "x", count: 129), 3002),
                row("first", 3003), row("second", 3003),
            ],
            startOf: { _ in nil }
        )
        #expect(list.entries.map(\.identity.app) == ["first"])
        #expect(list.skipped.count == 9)
        #expect(list.skipped.contains { $0.name == String(repeating: "x", count: 128) })
        let ports = list.skipped.filter { $0.reason == "its port is not a number between 1 and 65535" }
        #expect(Set(ports.map(\.name)) == ["zero", "large", "huge", "negative", "none"])
        #expect(list.skipped.contains { $0.name == "second" && $0.reason == "the file has this port twice" })
    }

    @Test func severalPortsOfOneNameAreReplicasByPort() {
        let list = ImportList([row("b", 8003), row("a", 8002), row("a", 8001)], startOf: { _ in nil })
        let entries = list.entries.map { "\($0.identity.app) \($0.port) \($0.replica)" }
        #expect(entries == ["a 8001 0", "a 8002 1", "b 8003 0"])
    }

    @Test(arguments: [(1000, true), (11_000, true), (13_000, false), (nil, false)] as [(Int64?, Bool)])
    func processThatStartedAfterTheRowIsNotItsOwner(_ start: Int64?, _ owns: Bool) {
        let list = ImportList([row("a", 3100, pid: 40, seenAt: 10_000)], startOf: { $0 == 40 ? start : nil })
        #expect(list.entries.map(\.pid) == [owns ? 40 : nil])
    }

    @Test(arguments: [0, 1, -5, .max] as [Int64]) func numberThatIsNoProcessOwnsNothing(_ pid: Int64) {
        let list = ImportList([row("a", 3100, pid: pid, seenAt: 10)], startOf: { _ in 0 })
        #expect(list.entries.map(\.pid) == [nil])
    }

    @Test func rowWithoutATimeHasNoOwner() {
        #expect(ImportList([row("a", 3100, pid: 40)], startOf: { _ in 0 }).entries.map(\.pid) == [nil])
    }

    @Test func unnamedRowIsImportedOnlyWithItsProcess() {
        func unnamed(_ port: Int64, pid: Int64) -> ImportRow {
            ImportRow(name: nil, port: port, pid: pid, seenAt: 10) { () throws(RegistryError) in .unnamed }
        }
        let list = ImportList([unnamed(3000, pid: 40), unnamed(3001, pid: 41)], startOf: { $0 == 40 ? 5 : nil })
        #expect(list.entries.map { Int($0.port.number) } == [3000])
        #expect(list.skipped.map(\.port) == [3001])
    }

    @Test func importedPortIsGivenBackAndLivesOnlyWithItsOwner() async throws {
        test.machine.start(10)
        let entries = [
            ImportEntry(identity: try .init(machineWide: "shop"), replica: 0, port: Port(3300)!, pid: 10),
            ImportEntry(identity: try .init(machineWide: "old"), replica: 0, port: Port(3301)!, pid: 11),
        ]
        let result = try await test.registry.importEntries(
            entries,
            from: "a test",
            dryRun: false,
            by: Caller(face: .projects)
        )
        #expect(result.imported.map(\.pid) == [10, nil] && result.skipped == [])
        #expect(try await test.heldPort("shop/default/default") == 3300)
        #expect(try await test.heldPort("old/default/default") == nil)
        #expect(try await test.request("old/default/default", as: .projects).allocation.port == Port(3301))
        test.machine.end(10)
        #expect(try await test.heldPort("shop/default/default") == 3300)
        test.machine.advance(bySeconds: 300)
        #expect(try await test.heldPort("shop/default/default") == nil)
        let newest = try await test.registry.journal(about: Port(3301)!, limit: 2)
        #expect(newest.map(\.action) == [.allocated, .takenOver])
        #expect(newest[1].reason == "remembered, as a test had it")
    }

    @Test func dryRunChangesNothing() async throws {
        let entry = ImportEntry(identity: try .init(machineWide: "shop"), replica: 0, port: Port(3300)!, pid: nil)
        for _ in 0..<2 {
            let result = try await test.registry.importEntries(
                [entry],
                from: "a test",
                dryRun: true,
                by: Caller(face: .projects)
            )
            #expect(result.imported == [entry])
        }
        #expect(try await test.request("shop/default/default", as: .projects).allocation.port == Port(3100))
    }
}
