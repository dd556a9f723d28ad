import Foundation
import PortManager
import PortTestSupport
import Testing

/// PortManager's `detectOccupier` and `killOccupier`, on real processes.
@Suite struct OccupierTests {
    private let registry = try! TemporaryRegistry()
    private let me = ProcessInfo.processInfo.processIdentifier

    @Test func listeningProcessIsDetected() async throws {
        let program = try OtherProgram.listening()
        defer { program.end() }
        let occupier = try #require(await registry.manager().detectOccupier(program.port))
        #expect(occupier.pid == program.pid && occupier.port == program.port)
        #expect(occupier.processName?.hasPrefix("python") == true)
        #expect(occupier.commandLine.dropFirst().first == "-c")
        #expect(occupier.directory == FileManager.default.currentDirectoryPath)
    }

    @Test func socketOfTheCallingProgramIsDetected() async throws {
        let socket = try ListeningSocket()
        defer { socket.end() }
        let occupier = try #require(await registry.manager().detectOccupier(socket.port))
        #expect(occupier.pid == me && occupier.processName?.isEmpty == false)
    }

    @Test func freePortHasNoOccupier() async throws {
        let manager = try registry.manager()
        let port = try await manager.allocate()
        #expect(try await manager.detectOccupier(port) == nil)
    }

    @Test func boundSocketIsDetectedLikeAListeningOne() async throws {
        let socket = try ListeningSocket(listening: false)
        defer { socket.end() }
        let manager = try registry.manager()
        #expect(try await manager.probe(socket.port).inUse)
        #expect(try await manager.detectOccupier(socket.port)?.pid == getpid())
        // Only a process that listens is ended.
        #expect(try await !manager.killOccupier(socket.port).killed)
    }

    @Test func killEndsTheProcessAndClosesThePort() async throws {
        let manager = try registry.manager()
        let program = try OtherProgram.listening(on: registry.firstPort)
        defer { program.end() }
        let result = try await manager.killOccupier(program.port)
        #expect(result.killed && result.pid == program.pid)
        #expect(result.processName?.hasPrefix("python") == true)
        #expect(try await !manager.probe(program.port).inUse)
        #expect(program.wait() == -SIGTERM)
    }

    @Test func killOnAFreePortEndsNoProcess() async throws {
        let result = try await registry.manager().killOccupier(registry.firstPort)
        #expect(!result.killed && result.pid == nil && result.processName == nil)
    }

    @Test func killNeverEndsTheCallingProgram() async throws {
        let manager = try registry.manager()
        let socket = try ListeningSocket()
        defer { socket.end() }
        #expect(await refusal { try await manager.killOccupier(socket.port) }?.code == "protected_process")
        #expect(await refusal { try await manager.killOccupier(socket.port, force: true) }?.code == "protected_process")
        #expect(try await manager.probe(socket.port).inUse)
    }

    @Test func processThatIgnoresSIGTERMSurvivesWithoutForce() async throws {
        let manager = try registry.manager()
        let program = try OtherProgram.listening(ignoringSIGTERM: true)
        defer { program.end() }
        let error = await refusal { try await manager.killOccupier(program.port) }
        #expect(error?.code == "still_listening" && error?.message.contains("pid \(program.pid)") == true)
        #expect(program.isRunning)
    }

    @Test func forceEndsAProcessThatIgnoresSIGTERM() async throws {
        let manager = try registry.manager()
        let program = try OtherProgram.listening(on: registry.firstPort, ignoringSIGTERM: true)
        defer { program.end() }
        let result = try await manager.killOccupier(program.port, force: true)
        #expect(result.killed && result.pid == program.pid)
        #expect(try await !manager.probe(program.port).inUse)
        #expect(program.wait() == -SIGKILL)
    }
}
