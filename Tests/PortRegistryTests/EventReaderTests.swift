import PortModel
import PortStore
import PortTestSupport
import Testing

@testable import PortRegistry

@Suite struct EventReaderTests {
    @Test func listenerEventHasTheAllocationOfTheTimeItIsRead() async throws {
        let test = try TestRegistry()
        try await test.allocate("shop/main/web", root: "/shop")
        var reader = try await EventReader(registry: test.registry)
        let process = Occupier(pid: 77, startTime: 1, name: "nginx", directory: "/elsewhere", ancestors: [])
        test.machine.listen(3000, as: process)
        let listener = try #require(try await test.registry.listeners(on: [Port(3000)!]).first)
        #expect(listener.allocation != nil)
        _ = try await test.registry.release(port: Port(3000)!, by: TestRegistry.caller)
        let change = SocketChange(kind: .appeared(listener), at: test.machine.timestamp())
        let last = try #require(try await reader.next(with: [change]).events.last)
        guard case .listenerAppeared(let report) = last.kind else {
            Issue.record("\(last)")
            return
        }
        #expect(last.allocation == nil && report.allocation == nil)
    }

    @Test func batchIsIncompleteWhenTheJournalDroppedEntries() async throws {
        let test = try TestRegistry(limits: .init(journal: 10, remembered: 100))
        var reader = try await EventReader(registry: test.registry)
        for number in 0..<12 { try await test.allocate("shop/main/s\(number)") }
        let batch = try await reader.next()
        #expect(batch.isIncomplete && batch.events.count == 10)
        try await test.allocate("shop/main/web")
        #expect(try await reader.next().isIncomplete == false)
    }
}
