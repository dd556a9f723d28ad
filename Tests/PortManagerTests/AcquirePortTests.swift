import Foundation
import PortManager
import PortTestSupport
import Testing

/// The documented functions of port-manager.
@Suite struct AcquirePortTests {
    private let registry = try! TemporaryRegistry()
    private let me = ProcessInfo.processInfo.processIdentifier

    /// The only test that uses the default registry, which all programs of a home share.
    @Test func freeFunctionsUseTheRegistryOfTheHome() async throws {
        let first = registry.firstPort
        #expect(try await acquirePort(first, 10) == first)
        #expect(try await acquirePort(first, 10) == first + 1)
        let port = try await acquirePort()
        #expect((3000...3099).contains(port))
        #expect(try await listAllocations().map(\.port) == [first, first + 1, port])
        #expect(try await releasePort(first))
        #expect(try await !releasePort(first))
        #expect(try await listAllocations().map(\.port) == [first + 1, port])
        #expect(FileManager.default.fileExists(atPath: "\(TemporaryRegistry.home)/ports.db"))
        #expect(try await PortManager().listAllocations().count == 2)
    }

    @Test func preferredPortIsGivenWhenItIsFree() async throws {
        let preferred = registry.firstPort + 7
        #expect(try await registry.manager().acquirePort(preferred, 10) == preferred)
    }

    @Test func allocatedAndHeldPortsAreSkipped() async throws {
        let manager = try registry.manager()
        let first = registry.firstPort
        #expect(try await registry.manager().acquirePort(first, 10) == first)
        let listening = try ListeningSocket(on: first + 1)
        defer { listening.end() }
        let bound = try ListeningSocket(on: first + 2, listening: false)
        defer { bound.end() }
        #expect(try await manager.acquirePort(first, 10) == first + 3)
    }

    @Test func searchEndsWithTheRange() async throws {
        let manager = try registry.manager()
        let first = registry.firstPort
        #expect(try await manager.acquirePort(first, 2) == first)
        #expect(try await manager.acquirePort(first, 2) == first + 1)
        #expect(await refusal { _ = try await manager.acquirePort(first, 2) }?.code == "pool_full")
        #expect(await refusal { _ = try await manager.acquirePort(first, 0) }?.code == "invalid_request")
        #expect(await refusal { _ = try await manager.acquirePort(first, .min) }?.code == "invalid_request")
        #expect(try await manager.acquirePort(first, .max) == first + 2)
    }

    @Test func searchEndsWithTheLastPort() async throws {
        let manager = try registry.manager()
        for _ in 0..<3 { #expect((65_530...65_535).contains(try await manager.acquirePort(65_530, 100))) }
    }

    @Test(arguments: [0, -1, 65_536]) func invalidPreferredPortIsRefused(_ port: Int) async throws {
        let manager = try registry.manager()
        #expect(await refusal { _ = try await manager.acquirePort(port) }?.code == "invalid_port")
    }

    @Test func listedAllocationHasItsTimeProcessAndMetadata() async throws {
        let manager = try registry.manager()
        let port = try await manager.acquirePort(registry.firstPort, metadata: ["project": "my-app"])
        let allocations = try await manager.listAllocations()
        try #require(allocations.count == 1)
        #expect(allocations[0].port == port && allocations[0].pid == me && allocations[0].group == nil)
        #expect(allocations[0].metadata == ["project": "my-app"])
        #expect(abs(allocations[0].allocatedAt.timeIntervalSinceNow) < 600)
    }

    @Test func releasedPortIsGivenAgain() async throws {
        let manager = try registry.manager()
        let port = try await manager.acquirePort(registry.firstPort)
        #expect(try await manager.releasePort(port))
        #expect(try await manager.listAllocations().isEmpty)
        #expect(try await !manager.releasePort(port))
        #expect(try await manager.acquirePort(port) == port)
    }
}
