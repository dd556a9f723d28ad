import PortModel
import PortRegistry
import PortTestSupport
import Testing

@Suite struct ReserveTests {
    private let test = try! TestRegistry()

    private func reserve(_ path: String, _ port: Int?, kill: Bool = false, pid: Int32? = nil) async throws
        -> Reservation
    {
        var request = AllocationRequest(identity: try ServiceIdentity(path: path)!)
        request.port = port.flatMap { Port($0) }
        request.whenAllocated = .further
        return try await test.registry.reserve(
            request,
            killIfOccupied: kill,
            pid: pid,
            force: false,
            by: TestRegistry.caller
        )
    }

    private let node = Occupier(pid: 50, startTime: 1, name: "node", directory: "/shop", ancestors: [])

    @Test func freePortIsAllocated() async throws {
        let reservation = try await reserve("a/main/ollama", 11434, kill: true)
        #expect(reservation.grant.allocation.port == Port(11434))
        #expect(!reservation.wasOccupied && !reservation.wasKilled && reservation.occupier == nil)
    }

    @Test func occupiedPortIsRefusedWithItsOccupier() async throws {
        test.machine.listen(11434, as: node)
        let refusal = await test.refusal { _ = try await reserve("a/main/ollama", 11434) }
        #expect(refusal?.code == .portInUse && refusal?.occupiers.map(\.pid) == [50])
        let who = "node (pid 50) in /shop (project shop/main) listens on it"
        #expect(refusal?.remedies == [.reason(who), .showListeners(Port(11434)!), .killIfOccupied(Port(11434)!)])
        #expect(refusal?.project == "shop/main")
        #expect(test.machine.signals.isEmpty)
    }

    @Test func occupierIsEndedOnRequestAndThePortIsAllocated() async throws {
        test.machine.listen(11434, as: node)
        let reservation = try await reserve("a/main/ollama", 11434, kill: true, pid: 50)
        #expect(reservation.wasOccupied && reservation.wasKilled && reservation.occupier?.pid == 50)
        #expect(reservation.grant.allocation.port == Port(11434))
    }

    @Test func noProcessIsEndedForAnAllocatedPort() async throws {
        try await test.allocate("b/main/web", port: 11434)
        test.machine.listen(11434, as: node)
        let refusal = await test.refusal { _ = try await reserve("a/main/ollama", 11434, kill: true) }
        #expect(refusal?.code == .portAllocated && refusal?.holder?.identity.app == "b")
        #expect(test.machine.signals.isEmpty)
    }

    @Test func occupierWithAnotherPidIsNotEnded() async throws {
        test.machine.listen(11434, as: node)
        let refusal = await test.refusal { _ = try await reserve("a/main/ollama", 11434, kill: true, pid: 51) }
        #expect(refusal?.code == .notTheOccupier && test.machine.signals.isEmpty)
        #expect(try await test.registry.allocationCount() == 0)
    }

    @Test func reservationNeedsAPort() async throws {
        #expect(await test.refusal { _ = try await reserve("a/main/ollama", nil) }?.code == .invalidPort)
    }

    @Test func noProcessIsEndedForARefusedRequest() async throws {
        test.machine.listen(11434, as: node)
        func code(_ change: (inout AllocationRequest) -> Void) async -> RegistryError.Code? {
            await test.refusal {
                var request = AllocationRequest(identity: try ServiceIdentity(path: "a/main/ollama")!)
                request.port = Port(11434)
                request.whenAllocated = .further
                change(&request)
                _ = try await test.registry.reserve(
                    request,
                    killIfOccupied: true,
                    pid: nil,
                    force: false,
                    by: TestRegistry.caller
                )
            }?.code
        }
        #expect(await code { $0.hold = .process(pid: 4711, grace: 0, ttl: nil) } == .invalidOwner)
        #expect(await code { $0.metadata = ["a": .text(String(repeating: "x", count: 20_000))] } == .invalidRequest)
        #expect(await code { $0.tags = [""] } == .invalidName)
        #expect(test.machine.signals.isEmpty)
    }
}
