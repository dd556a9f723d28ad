import PortManager
import PortTestSupport
import Testing

/// PortManager's `allocate`, `release`, `probe`, `listAllocations` and `cleanup`.
@Suite struct AllocateTests {
    private let registry = try! TemporaryRegistry()

    @Test func eachCallGivesAnotherPortOfTheDefaultRange() async throws {
        let manager = try PortManager(registryPath: registry.path)
        let ports = [try await manager.allocate(), try await manager.allocate(), try await manager.allocate()]
        #expect(Set(ports).count == 3)
        #expect(ports.allSatisfy { (3000...3999).contains($0) })
    }

    @Test func lowestFreePortOfACustomRangeIsGiven() async throws {
        let manager = try PortManager(registryPath: registry.path)
        let range = registry.firstPort + 10...registry.firstPort + 12
        for port in range { #expect(try await manager.allocate(in: range) == port) }
        let full = await refusal { _ = try await manager.allocate(in: range) }
        #expect(full?.code == "pool_full" && full?.message.contains("\(range.lowerBound)-\(range.upperBound)") == true)
    }

    @Test func metadataIsKept() async throws {
        let manager = try registry.manager()
        let given = ["project": "my-app", "service": "api", "app": "shop", "worktree": "feature/ui", "role": "web"]
        let port = try await manager.allocate(metadata: given)
        _ = try await manager.allocate()
        let allocations = try await manager.listAllocations()
        #expect(allocations.first { $0.port == port }?.metadata.compactMapValues(\.text) == given)
        #expect(allocations.first { $0.port != port }?.metadata == [:])
    }

    @Test func metadataMayBeAnyValueOfJSON() async throws {
        let manager = try registry.manager()
        let given: [String: MetadataValue] = [
            "text": "x", "integer": 4, "large": .integer(.max), "number": 0.5, "yes": true, "nothing": .null,
            "list": ["a", 1, [false]], "object": ["deep": ["er": .null]], "empty": [:], "app": "shop",
        ]
        let port = try await manager.allocate(metadata: given)
        let group = try await manager.allocateGroup(1, metadata: ["weight": 1])
        // Another manager reads it from the file.
        let allocations = try await registry.manager().listAllocations()
        #expect(allocations.first { $0.port == port }?.metadata == given)
        #expect(allocations.first { $0.port == group.ports[0] }?.metadata == ["weight": 1])
    }

    @Test func metadataHasLimits() async throws {
        let manager = try registry.manager()
        func code(_ value: MetadataValue, _ key: String = "key") async -> String? {
            await refusal { _ = try await manager.allocate(metadata: [key: value]) }?.code
        }
        func nested(_ depth: Int) -> MetadataValue { depth == 0 ? 1 : [nested(depth - 1)] }
        #expect(await code(nested(9)) == "invalid_request")
        #expect(await code(.list(Array(repeating: 1, count: 256))) == "invalid_request")
        #expect(await code(.number(.infinity)) == "invalid_request")
        #expect(await code(["inner": "a\u{0}b"]) == "invalid_request")
        #expect(await code(["in\u{0}ner": 1]) == "invalid_request")
        #expect(await code(.text(String(repeating: "x", count: 1025))) == "invalid_request")
        #expect(await code(5, "app") == "invalid_request")
        #expect(try await manager.listAllocations().isEmpty)
        #expect(await code(nested(8)) == nil)
        #expect(await code(.list(Array(repeating: 1, count: 255))) == nil)
        #expect(await code(.text(String(repeating: "x", count: 1024))) == nil)
        #expect(await code(.null, "app") == nil)
    }

    @Test func namedServiceGetsItsLastPortAgain() async throws {
        let manager = try registry.manager()
        let metadata = ["app": "shop", "role": "api"]
        _ = try await manager.allocate()
        let port = try await manager.allocate(metadata: metadata)
        try await manager.release(port)
        #expect(try await manager.allocate() != port)
        #expect(try await manager.allocate(metadata: metadata) == port)
    }

    @Test func invalidMetadataIsRefused() async throws {
        let manager = try registry.manager()
        func code(_ metadata: [String: String]) async -> String? {
            await refusal { _ = try await manager.allocate(metadata: metadata) }?.code
        }
        #expect(await code(["app": "  "]) == "invalid_name")
        #expect(await code(["role": "a\nb"]) == "invalid_name")
        #expect(await code(["": "x"]) == "invalid_name")
        #expect(await code(["note": "a\u{0}b"]) == "invalid_request")
        let many = Dictionary(uniqueKeysWithValues: (0..<33).map { ("key\($0)", "") })
        #expect(await code(many) == "invalid_request")
        #expect(try await manager.listAllocations().isEmpty)
    }

    @Test func releaseReturnsWhetherThereWasAnAllocation() async throws {
        let manager = try registry.manager()
        let port = try await manager.allocate()
        #expect(try await manager.release(port))
        #expect(try await !manager.release(port))
        #expect(try await manager.listAllocations().isEmpty)
    }

    @Test func probeReportsWhetherThePortIsInUse() async throws {
        let manager = try registry.manager()
        let free = try await manager.allocate()
        #expect(try await !manager.probe(free).inUse)
        let listening = try ListeningSocket()
        defer { listening.end() }
        let bound = try ListeningSocket(listening: false)
        defer { bound.end() }
        for port in [listening.port, bound.port] {
            let probe = try await manager.probe(port)
            #expect(probe.inUse && probe.port == port)
        }
    }

    @Test func cleanupEndsTheAllocationsOfEveryManager() async throws {
        let manager = try registry.manager()
        _ = try await manager.allocate()
        _ = try await registry.manager().allocateGroup(2)
        let result = try await manager.cleanup()
        #expect(result.cleaned && result.count == 3)
        #expect(try await manager.listAllocations().isEmpty)
        let again = try await manager.cleanup()
        #expect(again.cleaned && again.count == 0)
    }

    @Test func cleanupKeepsTheHoldsOfOtherFaces() async throws {
        let manager = try registry.manager()
        let lease = try await manager.allocate()
        try registry.edit("UPDATE hold SET face = 'leases'")
        let own = try await manager.allocate()
        #expect(own != lease)
        let result = try await manager.cleanup()
        #expect(result.cleaned && result.count == 1)
        #expect(try await manager.listAllocations().map(\.port) == [lease])
        // A release by port ends the hold of any face.
        #expect(try await manager.release(lease))
    }

    @Test(arguments: [0, -1, 65_536, .max]) func invalidPortIsRefused(_ port: Int) async throws {
        let manager = try registry.manager()
        #expect(await refusal { _ = try await manager.release(port) }?.code == "invalid_port")
        #expect(await refusal { _ = try await manager.probe(port) }?.code == "invalid_port")
        #expect(await refusal { _ = try await manager.detectOccupier(port) }?.code == "invalid_port")
        #expect(await refusal { _ = try await manager.killOccupier(port) }?.code == "invalid_port")
        #expect(await refusal { _ = try await manager.reserve(port) }?.code == "invalid_port")
        #expect(await refusal { _ = try await manager.renew(port) }?.code == "invalid_port")
    }

    @Test func errorDescriptionIsOneLineWithTheHint() async throws {
        let manager = try registry.manager()
        let error = try #require(await refusal { _ = try await manager.allocate(in: 0...1) })
        #expect(!error.message.isEmpty && !error.message.contains("\n"))
        let full = try #require(await refusal { _ = try await manager.allocateGroup(21) })
        let hint = try #require(full.hint)
        #expect("\(full)" == "\(full.message) (\(hint))")
    }
}
