import Foundation
import PortManager
import PortTestSupport
import Testing

/// PortManager's `reserve`, on real processes.
@Suite struct ReserveTests {
    private let registry = try! TemporaryRegistry()

    @Test func freePortIsReserved() async throws {
        let manager = try registry.manager()
        let port = registry.firstPort + 5
        let reservation = try await manager.reserve(port, killIfOccupied: true, metadata: ["service": "ollama"])
        #expect(reservation.port == port && !reservation.wasOccupied)
        #expect(reservation.killed == nil && reservation.occupier == nil)
        let allocations = try await manager.listAllocations()
        #expect(allocations.map(\.port) == [port] && allocations[0].metadata == ["service": "ollama"])
    }

    @Test func occupiedPortIsRefusedAndItsProcessSurvives() async throws {
        let manager = try registry.manager()
        let program = try OtherProgram.listening()
        defer { program.end() }
        let error = await refusal { _ = try await manager.reserve(program.port) }
        #expect(error?.code == "port_in_use" && error?.hint?.contains("pid \(program.pid)") == true)
        #expect(program.isRunning)
        #expect(try await manager.listAllocations().isEmpty)
    }

    @Test func occupierIsEndedOnRequest() async throws {
        let manager = try registry.manager()
        let program = try OtherProgram.listening(on: registry.firstPort)
        defer { program.end() }
        let reservation = try await manager.reserve(program.port, killIfOccupied: true)
        #expect(reservation.port == program.port && reservation.wasOccupied && reservation.killed == true)
        #expect(reservation.occupier?.pid == program.pid && reservation.occupier?.port == program.port)
        #expect(program.wait() == -SIGTERM)
        #expect(try await manager.listAllocations().map(\.port) == [program.port])
    }

    @Test func forceEndsAnOccupierThatIgnoresSIGTERM() async throws {
        let manager = try registry.manager()
        let program = try OtherProgram.listening(on: registry.firstPort, ignoringSIGTERM: true)
        defer { program.end() }
        let reservation = try await manager.reserve(program.port, killIfOccupied: true, force: true)
        #expect(reservation.killed == true && reservation.occupier?.pid == program.pid)
        #expect(program.wait() == -SIGKILL)
    }

    @Test func allocatedPortIsRefusedAndItsProcessSurvives() async throws {
        let manager = try registry.manager()
        let port = try await manager.allocate(metadata: ["app": "shop", "role": "api"])
        let program = try OtherProgram.listening(on: port)
        defer { program.end() }
        let error = await refusal { _ = try await manager.reserve(port, killIfOccupied: true) }
        #expect(error?.code == "port_allocated" && error?.message.contains("shop/default/api has port \(port)") == true)
        #expect(program.isRunning)
    }

    @Test func reserveNeverEndsTheCallingProgram() async throws {
        let manager = try registry.manager()
        let socket = try ListeningSocket()
        defer { socket.end() }
        let error = await refusal { _ = try await manager.reserve(socket.port, killIfOccupied: true) }
        #expect(error?.code == "protected_process")
        #expect(try await manager.listAllocations().isEmpty)
    }
}
