import Hummingbird
import Logging
import PortAPI
import PortHTTP
import PortModel
import PortRegistry
import PortStore
import PortSystem
import PortTestSupport
import ServiceLifecycle
import Testing

@testable import PortDaemon

/// One service for the socket and the TCP addresses.
@Suite struct AddressServiceTests {
    private struct Refused: Error {}

    private let directory = try! TemporaryDirectory(in: "/tmp")
    private let readiness = WatchedValue(0)

    private func responder() throws -> RouterResponder<PortRequestContext> {
        let registry = Registry(
            store: try SQLiteStore(inMemoryWith: SQLiteStore.Limits()),
            machine: FakeMachine(),
            settings: RegistrySettings(pools: [.registry: PortPool("3000")!])
        )
        return buildResponder(
            ServerDependencies(
                registry: registry,
                events: EventStreams(registry: registry),
                peers: KernelPeers(),
                userID: 0,
                token: "secret",
                status: { throw Refused() }
            )
        )
    }

    private func status(_ addresses: [DaemonAddress]) -> AddressStatus {
        AddressStatus(addresses: addresses) { [readiness] in readiness.withLock { $0 += 1 } }
    }

    private func service(
        _ address: DaemonAddress,
        isRequired: Bool,
        status: AddressStatus,
        restrictAccess: @escaping @Sendable () throws -> Void = {}
    ) throws -> AddressService {
        AddressService(
            address: address,
            isRequired: isRequired,
            responder: try responder(),
            status: status,
            restrictAccess: restrictAccess,
            bindError: {
                BindError(isTaken: $0 == StreamSocket.addressInUse, reason: SystemError("bind", number: $0).reason)
            },
            logger: .silent
        )
    }

    /// Runs the services until `body` returns, and shuts them down gracefully.
    private func running(_ services: [AddressService], _ body: @escaping @Sendable () async throws -> Void) async throws
    {
        let group = ServiceGroup(services: services, logger: .silent)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            try await body()
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    @Test func daemonIsReadyWhenTheSocketAndEveryAddressHaveBeenTried() async throws {
        let taken = try ListeningSocket()
        let socket = DaemonAddress.socket(path: directory.path("s"))
        let open = DaemonAddress.tcp(try LoopbackAddress("127.0.0.1:0"))
        let busy = DaemonAddress.tcp(try LoopbackAddress("127.0.0.1:\(taken.port)"))
        let status = status([socket, open, busy])
        let readiness = readiness
        try await running([
            try service(socket, isRequired: true, status: status),
            try service(open, isRequired: true, status: status),
            try service(busy, isRequired: false, status: status),
        ]) {
            try await readiness.wait { $0 == 1 }
            let shown = status.tcpAddresses
            #expect(shown.map(\.state) == ["open", "taken"])
            // The port that the kernel chose.
            #expect(!shown[0].address.hasSuffix(":0") && shown[1].address == busy.description)
        }
    }

    @Test func requiredAddressThatIsTakenEndsTheService() async throws {
        let taken = try ListeningSocket()
        let busy = DaemonAddress.tcp(try LoopbackAddress("127.0.0.1:\(taken.port)"))
        let error = await #expect(throws: AddressFailure.self) {
            try await service(busy, isRequired: true, status: status([busy])).run()
        }
        #expect(error?.isTaken == true)
        #expect(error?.description.contains("is taken by another program") == true)
        #expect(readiness.current == 0)
    }

    @Test func socketThatCannotBeBoundIsNamedWithTheReason() async throws {
        let socket = DaemonAddress.socket(path: directory.path("missing/s"))
        let error = await #expect(throws: AddressFailure.self) {
            try await service(socket, isRequired: true, status: status([socket])).run()
        }
        #expect(error?.description == "cannot listen on the socket: No such file or directory")
    }

    @Test func addressIsOpenedWhenItBecomesFree() async throws {
        let taken = try ListeningSocket()
        let busy = DaemonAddress.tcp(try LoopbackAddress("127.0.0.1:\(taken.port)"))
        let states = WatchedValue(0)
        let status = AddressStatus(addresses: [busy]) { states.withLock { $0 += 1 } }
        let opened = WatchedValue(false)
        let service = try service(busy, isRequired: false, status: status) { opened.withLock { $0 = true } }
        try await running([service]) {
            try await states.wait { $0 == 1 }
            #expect(status.tcpAddresses.map(\.state) == ["taken"])
            taken.end()
            try await opened.wait { $0 }
        }
        #expect(states.current == 1)
    }

    @Test func daemonIsNotReadyWhileOthersCouldOpenItsSocket() async throws {
        let socket = DaemonAddress.socket(path: directory.path("s"))
        let status = status([socket])
        let attempted = WatchedValue(false)
        let service = try service(socket, isRequired: true, status: status) {
            attempted.withLock { $0 = true }
            throw Refused()
        }
        try await running([service]) { try await attempted.wait { $0 } }
        #expect(readiness.current == 0)
    }
}
