import PortModel
import PortRegistry
import PortStore
import PortTestSupport
import Testing

@testable import PortHTTP

/// The subscriber that serves the readers of events over HTTP.
@Suite struct EventStreamsTests {
    @Test func furtherReaderIsRefusedWhileTheDatabaseCannotBeRead() async throws {
        let store = FailingStore(try SQLiteStore(inMemoryWith: .init()))
        let registry = Registry(
            store: store,
            machine: FakeMachine(),
            settings: RegistrySettings(pools: [.registry: PortPool("3000")!])
        )
        let streams = EventStreams(registry: registry)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await registry.runChangeFeed { Issue.record($0) } }
            group.addTask { try await streams.run() }
            _ = try await streams.subscribe(since: nil)
            store.failReads(true)
            let error = await #expect(throws: RegistryError.self) { _ = try await streams.subscribe(since: nil) }
            #expect(error?.code == .storageFailed)
            store.failReads(false)
            _ = try await streams.subscribe(since: nil)
            group.cancelAll()
        }
    }
}
