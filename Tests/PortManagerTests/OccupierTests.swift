import Foundation
import PortManager
import Testing

/// Seed 001's `detectOccupier` and `killOccupier`, on real processes.
@Suite struct OccupierTests {
    private let registry = try! TemporaryRegistry()
    private let me = ProcessInfo.processInfo.processIdentifier

    @Test func aListeningProcessIsDetected() async throws {
        let child = try Child.listening()
        defer { child.end() }
        let occupier = try #require(await registry.manager().detectOccupier(child.port))
        #expect(occupier.pid == child.pid && occupier.port == child.port)
        #expect(occupier.processName?.hasPrefix("python") == true)
        #expect(occupier.commandLine.dropFirst().first == "-c")
        #expect(occupier.directory == FileManager.default.currentDirectoryPath)
    }

    @Test func thisProgramsOwnSocketIsDetected() async throws {
        let socket = try ListeningSocket()
        defer { socket.end() }
        let occupier = try #require(await registry.manager().detectOccupier(socket.port))
        #expect(occupier.pid == me && occupier.processName?.isEmpty == false)
    }

    @Test func aFreePortHasNoOccupier() async throws {
        let manager = try registry.manager()
        let port = try await manager.allocate()
        #expect(try await manager.detectOccupier(port) == nil)
    }

    @Test func aSocketThatDoesNotListenIsNoOccupier() async throws {
        let socket = try ListeningSocket(listening: false)
        defer { socket.end() }
        #expect(try await registry.manager().detectOccupier(socket.port) == nil)
    }

    @Test func theProcessIsEndedAndThePortIsClosed() async throws {
        let manager = try registry.manager()
        let child = try Child.listening(on: registry.firstPort)
        defer { child.end() }
        let result = try await manager.killOccupier(child.port)
        #expect(result.killed && result.pid == child.pid)
        #expect(result.processName?.hasPrefix("python") == true)
        #expect(try await !manager.probe(child.port).inUse)
        #expect(child.wait() == -SIGTERM)
    }

    @Test func onAFreePortNobodyIsEnded() async throws {
        let result = try await registry.manager().killOccupier(registry.firstPort)
        #expect(!result.killed && result.pid == nil && result.processName == nil)
    }

    @Test func thisProgramIsNeverEnded() async throws {
        let manager = try registry.manager()
        let socket = try ListeningSocket()
        defer { socket.end() }
        #expect(await refusal { try await manager.killOccupier(socket.port) }?.code == "protected_process")
        #expect(await refusal { try await manager.killOccupier(socket.port, force: true) }?.code == "protected_process")
        #expect(try await manager.probe(socket.port).inUse)
    }

    @Test func whoIgnoresSIGTERMIsLeftAloneWithoutForce() async throws {
        let manager = try registry.manager()
        let child = try Child.listening(ignoringSIGTERM: true)
        defer { child.end() }
        let error = await refusal { try await manager.killOccupier(child.port) }
        #expect(error?.code == "still_listening" && error?.message.contains("pid \(child.pid)") == true)
        #expect(child.isRunning)
    }

    @Test func forceEndsWhoIgnoresSIGTERM() async throws {
        let manager = try registry.manager()
        let child = try Child.listening(on: registry.firstPort, ignoringSIGTERM: true)
        defer { child.end() }
        let result = try await manager.killOccupier(child.port, force: true)
        #expect(result.killed && result.pid == child.pid)
        #expect(try await !manager.probe(child.port).inUse)
        #expect(child.wait() == -SIGKILL)
    }
}
