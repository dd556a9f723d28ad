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
import Synchronization
import Testing

@testable import PortHTTP

/// Where a client lives, and what it gets therefore.
@Suite struct NetworkGuardTests {
    private let machine = FakeMachine()
    private let registry: Registry

    init() throws {
        machine.live(in: LocalNetwork(namespace: NetworkNamespace(inode: 1)))
        registry = Registry(
            store: try SQLiteStore(inMemoryWith: .init()),
            machine: machine,
            settings: RegistrySettings(pools: [.registry: PortPool("3000-3009")!])
        )
    }

    private struct Client: PeerIdentification {
        var network: CallerNetwork

        func peer(of channel: any Channel) async -> Peer { Peer(userID: 1000, name: "test", network: network) }

        func processes(behind channel: any Channel) async -> [Int32] { [] }
    }

    /// Is due for everybody for whom the processes in the daemon's namespace are read.
    private final class FakeSuccession: Succession {
        let callers = Mutex<[CallerNetwork]>([])
        let endCount = Atomic(0)

        func isDue(for caller: CallerNetwork, startingItsOwn canStart: Bool) async -> Bool {
            await NetworkPolicy.givesWay(to: caller, startingItsOwn: canStart) {
                callers.withLock { $0.append(caller) }
                return true
            }
        }

        func end() { endCount.add(1, ordering: .relaxed) }
    }

    private func status(
        _ method: HTTPRequest.Method,
        _ path: String,
        from network: CallerNetwork,
        body: String? = nil,
        headers: [String: String] = [:],
        succession: FakeSuccession? = nil,
        context: PortRequestContext = .test
    ) async throws -> Int {
        let responder = buildResponder(
            ServerDependencies(
                registry: registry,
                events: EventStreams(registry: registry),
                peers: Client(network: network),
                userID: 1000,
                token: "secret",
                status: { throw CancellationError() },
                succession: succession
            )
        )
        var head = HTTPRequest(method: method, scheme: "http", authority: "localhost", path: path)
        if body != nil { head.headerFields[.contentType] = "application/json" }
        for (name, value) in headers { head.headerFields[HTTPField.Name(name)!] = value }
        let request = Request(head: head, body: RequestBody(buffer: ByteBuffer(string: body ?? "")))
        return try await responder.respond(to: request, context: context).status.code
    }

    private static let allocation = #"{"app":"a","instance":"i","service":"s"}"#

    @Test(arguments: [
        (HTTPRequest.Method.get, "/v1/ports/3000"), (.get, "/v1/listeners"), (.get, "/v1/listeners?port=3000"),
        (.post, "/v1/ports/3000/kill"),
    ])
    func questionAboutListenersFromElsewhereIsAConflict(_ method: HTTPRequest.Method, _ path: String) async throws {
        #expect(try await status(method, path, from: .other(nil)) == 409)
        for network in [CallerNetwork.own, .unknown] {
            #expect(try await status(method, path, from: network) == (method == .post ? 404 : 200))
        }
    }

    @Test func namespaceInTheHeaderCountsBeforeTheProcess() async throws {
        let path = "/v1/ports/3000"
        let own = [RequestHeaders.networkNamespace: "net:[1]"]
        let other = [RequestHeaders.networkNamespace: "net:[2]"]
        for network in [CallerNetwork.own, .other(nil), .unknown] {
            #expect(try await status(.get, path, from: network, headers: own) == 200)
            #expect(try await status(.get, path, from: network, headers: other) == 409)
        }
        // A header that names nothing is ignored.
        #expect(try await status(.get, path, from: .own, headers: [RequestHeaders.networkNamespace: "?"]) == 200)
    }

    @Test func daemonEndsAfterItsAnswerAndOnlyForAClientThatStartsAnother() async throws {
        let succession = FakeSuccession()
        func allocate(_ headers: [String: String], _ context: PortRequestContext = .test) async throws -> Int {
            try await status(
                .post,
                "/v1/allocations",
                from: .unknown,
                body: Self.allocation,
                headers: headers,
                succession: succession,
                context: context
            )
        }
        let other = [RequestHeaders.networkNamespace: "net:[2]"]
        #expect(try await allocate(other) == 201)
        #expect(try await allocate([RequestHeaders.autostart: "1"]) == 409)
        #expect(
            try await allocate([RequestHeaders.networkNamespace: "net:[1]", RequestHeaders.autostart: "1"]) == 409
        )
        #expect(succession.callers.withLock { $0 }.isEmpty)
        let channel = NIOAsyncTestingChannel()
        let context = PortRequestContext(
            source: ApplicationRequestContextSource(channel: channel, logger: Logger(label: "test"))
        )
        #expect(try await allocate(other.merging([RequestHeaders.autostart: "1"]) { $1 }, context) == 503)
        #expect(succession.callers.withLock { $0 } == [.other(NetworkNamespace(inode: 2))])
        #expect(succession.endCount.load(ordering: .relaxed) == 0)
        try await channel.close()
        try await channel.closeFuture.get()
        #expect(succession.endCount.load(ordering: .relaxed) == 1)
    }
}
