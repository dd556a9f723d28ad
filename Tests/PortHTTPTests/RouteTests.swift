import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import PortAPI
import PortModel
import PortRegistry
import PortStore
import PortTestSupport
import Testing

@testable import PortHTTP

/// Failures that a test cannot cause in a real daemon.
@Suite struct RouteTests {
    /// A store on a disk that was removed.
    struct BrokenStore: RegistryStore {
        struct DiskIsGone: Error {}

        func write<Value>(_ body: (any RegistryTransaction) throws -> Value) throws -> Value { throw DiskIsGone() }

        func read<Value: Sendable>(
            _ body: @escaping @Sendable (any RegistryReading) throws -> Value
        ) async throws -> Value { throw DiskIsGone() }

        func externalRevision() throws -> Int64 { throw DiskIsGone() }
    }

    struct ThisUser: PeerIdentification {
        func peer(of channel: any Channel) async -> Peer { Peer(userID: 1000, name: "test") }

        func processes(behind channel: any Channel) async -> [Int32] { [] }
    }

    private func answer(
        _ method: HTTPRequest.Method,
        _ path: String,
        body: String? = nil,
        store: any RegistryStore,
        machine: FakeMachine = FakeMachine()
    ) async throws -> (status: Int, body: String) {
        let registry = Registry(
            store: store,
            machine: machine,
            settings: RegistrySettings(pools: [.registry: PortPool("3000")!])
        )
        let responder = buildResponder(
            ServerDependencies(
                registry: registry,
                events: EventStreams(registry: registry),
                peers: ThisUser(),
                userID: 1000,
                token: "secret",
                status: { throw BrokenStore.DiskIsGone() }
            )
        )
        var head = HTTPRequest(method: method, scheme: "http", authority: "localhost", path: path)
        if body != nil { head.headerFields[.contentType] = "application/json" }
        let response = try await responder.respond(
            to: Request(head: head, body: RequestBody(buffer: ByteBuffer(string: body ?? ""))),
            context: .test
        )
        let writer = CollectingWriter()
        try await response.body.write(writer)
        return (response.status.code, String(buffer: writer.collected.value))
    }

    /// A process could listen on each allocated port.
    @Test func conflictsAreNotKnownWhileTheKernelDoesNotReportListeners() async throws {
        let machine = FakeMachine()
        machine.makeKernelUnavailable()
        let store = try SQLiteStore(inMemoryWith: SQLiteStore.Limits())
        let diagnosis = try await answer(.get, "/v1/diagnosis", store: store, machine: machine).body
        #expect(diagnosis.contains("not known: the kernel does not report who listens on the ports"))
        #expect(!diagnosis.contains("no other process listens on an allocated port"))
    }

    private static let allocation = #"{"app":"a","instance":"i","service":"s"}"#

    @Test(arguments: [
        (HTTPRequest.Method.get, "/healthz", nil), (.get, "/v1/allocations", nil), (.get, "/v1/ports/3000", nil),
        (.post, "/v1/allocations", allocation), (.delete, "/v1/allocations", #"{"app":"a"}"#),
        (.delete, "/v1/allocations/1", nil), (.delete, "/v1/remembered", allocation),
    ])
    func failingDatabaseIsA503WithTheReason(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: String?
    ) async throws {
        let answer = try await answer(method, path, body: body, store: BrokenStore())
        #expect(answer.status == 503)
        #expect(answer.body.contains(#""code":"storage_failed""#))
        #expect(answer.body.contains("DiskIsGone"))
    }

    @Test(arguments: [
        "/v1/allocations", "/v1/allocations?wide=true", "/v1/ports/3000", "/v1/ports/3001", "/v1/listeners",
        "/v1/services/s", "/v1/services/unknown", "/v1/groups", "/v1/journal", "/v1/pools", "/list",
        "/lookup?service=s", "/ports/active", "/healthz",
    ])
    func questionOverHTTPReadsOneSnapshotOfTheStore(_ path: String) async throws {
        let store = CountingStore(try SQLiteStore(inMemoryWith: .init()))
        store.release()
        let machine = FakeMachine()
        #expect(try await answer(.post, "/v1/allocations", body: Self.allocation, store: store).status == 201)
        machine.occupy(3000, 3001)
        let status = try await answer(.get, path, store: store, machine: machine).status
        #expect(status == (path == "/v1/services/unknown" ? 404 : 200))
        #expect(store.reads == 1)
    }

    @Test func fullPoolIsA503ThatNamesTheRange() async throws {
        let store = try SQLiteStore(inMemoryWith: .init())
        #expect(try await answer(.post, "/v1/allocations", body: Self.allocation, store: store).status == 201)
        let second = Self.allocation.replacing(#""s""#, with: #""t""#)
        let full = try await answer(.post, "/v1/allocations", body: second, store: store)
        #expect(full.status == 503)
        #expect(full.body.contains("range 3000 is full"))
        #expect(full.body.contains(#""code":"pool_full""#))
    }

    @Test func unexpectedErrorIsA500WithoutDetails() async throws {
        let answer = try await answer(.get, "/v1/status", store: try SQLiteStore(inMemoryWith: .init()))
        #expect(answer.status == 500)
        #expect(!answer.body.contains("DiskIsGone"))
    }
}

extension PortRequestContext {
    static var test: PortRequestContext {
        PortRequestContext(
            source: ApplicationRequestContextSource(channel: EmbeddedChannel(), logger: Logger(label: "test"))
        )
    }
}

/// Keeps the body that a response writes.
private final class CollectingWriter: ResponseBodyWriter {
    final class Box: Sendable {
        nonisolated(unsafe) var value = ByteBuffer()  // One task writes, then the same task reads.
    }

    let collected = Box()

    func write(_ buffer: ByteBuffer) async throws { collected.value.writeImmutableBuffer(buffer) }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
