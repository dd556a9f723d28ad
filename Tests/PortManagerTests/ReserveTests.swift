import Foundation
import PortManager
import Testing

/// Seed 001's `reserve`, on real processes.
@Suite struct ReserveTests {
    private let registry = try! TemporaryRegistry()

    @Test func aFreePortIsReserved() async throws {
        let manager = try registry.manager()
        let port = registry.firstPort + 5
        let reservation = try await manager.reserve(port, killIfOccupied: true, metadata: ["service": "ollama"])
        #expect(reservation.port == port && !reservation.wasOccupied)
        #expect(reservation.killed == nil && reservation.occupier == nil)
        let allocations = try await manager.listAllocations()
        #expect(allocations.map(\.port) == [port] && allocations[0].metadata == ["service": "ollama"])
    }

    @Test func anOccupiedPortIsRefusedAndNobodyIsEnded() async throws {
        let manager = try registry.manager()
        let child = try Child.listening()
        defer { child.end() }
        let error = await refusal { _ = try await manager.reserve(child.port) }
        #expect(error?.code == "port_in_use" && error?.hint?.contains("pid \(child.pid)") == true)
        #expect(child.isRunning)
        #expect(try await manager.listAllocations().isEmpty)
    }

    @Test func theOccupierIsEndedWhenThatIsWanted() async throws {
        let manager = try registry.manager()
        let child = try Child.listening(on: registry.firstPort)
        defer { child.end() }
        let reservation = try await manager.reserve(child.port, killIfOccupied: true)
        #expect(reservation.port == child.port && reservation.wasOccupied && reservation.killed == true)
        #expect(reservation.occupier?.pid == child.pid && reservation.occupier?.port == child.port)
        #expect(child.wait() == -SIGTERM)
        #expect(try await manager.listAllocations().map(\.port) == [child.port])
    }

    @Test func forceEndsAnOccupierThatIgnoresSIGTERM() async throws {
        let manager = try registry.manager()
        let child = try Child.listening(on: registry.firstPort, ignoringSIGTERM: true)
        defer { child.end() }
        let reservation = try await manager.reserve(child.port, killIfOccupied: true, force: true)
        #expect(reservation.killed == true && reservation.occupier?.pid == child.pid)
        #expect(child.wait() == -SIGKILL)
    }

    @Test func aPortThatIsSomebodysIsRefusedAndNobodyIsEnded() async throws {
        let manager = try registry.manager()
        let port = try await manager.allocate(metadata: ["app": "shop", "role": "api"])
        let child = try Child.listening(on: port)
        defer { child.end() }
        let error = await refusal { _ = try await manager.reserve(port, killIfOccupied: true) }
        #expect(error?.code == "port_allocated" && error?.message.contains("shop/default/api has port \(port)") == true)
        #expect(child.isRunning)
    }

    @Test func thisProgramIsNotEndedForAReservation() async throws {
        let manager = try registry.manager()
        let socket = try ListeningSocket()
        defer { socket.end() }
        let error = await refusal { _ = try await manager.reserve(socket.port, killIfOccupied: true) }
        #expect(error?.code == "protected_process")
        #expect(try await manager.listAllocations().isEmpty)
    }
}
