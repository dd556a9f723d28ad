import PortManager
import Testing

@Suite struct RangeTests {
    private let registry = try! TemporaryRegistry()
    private var low: ClosedRange<Int> { registry.firstPort...registry.firstPort + 9 }
    private var high: ClosedRange<Int> { registry.firstPort + 10...registry.firstPort + 19 }

    @Test func defaultRangeIs3000To3999() throws {
        #expect(try PortManager(registryPath: registry.path).range == 3000...3999)
    }

    @Test func rangeCanBeSet() async throws {
        let manager = try PortManager(registryPath: registry.path)
        manager.range = low
        #expect(manager.range == low)
        #expect(try await manager.allocate() == low.lowerBound)
        #expect(try await manager.allocateGroup(2).ports == [low.lowerBound + 1, low.lowerBound + 2])
    }

    @Test func rangeCanBeReadAndSetAsInTheOriginal() async throws {
        let manager = try PortManager(registryPath: registry.path)
        #expect(manager.getRange() == 3000...3999)
        manager.setRange(low)
        #expect(manager.getRange() == low)
        #expect(try await manager.allocate() == low.lowerBound)
    }

    @Test func rangeCanBeSetInTheOptions() async throws {
        let manager = try PortManager(PortManager.Options(registryPath: registry.path, range: low))
        #expect(manager.range == low)
        #expect(try await manager.allocate() == low.lowerBound)
    }

    @Test func rangeCanBeSetInTheConfiguration() async throws {
        let configuration = PortManager.Configuration(ports: .init(range: high))
        let manager = try PortManager(registryPath: registry.path, configuration: configuration)
        #expect(manager.range == high)
        #expect(try await manager.allocate() == high.lowerBound)
    }

    @Test func configurationWithoutARangeKeepsTheDefault() throws {
        let manager = try PortManager(registryPath: registry.path, configuration: PortManager.Configuration())
        #expect(manager.range == 3000...3999)
    }

    @Test func rangeOfTheOptionsOverridesTheConfiguration() async throws {
        var options = PortManager.Options()
        options.registryPath = registry.path
        options.configuration = PortManager.Configuration(ports: .init(range: high))
        options.range = low
        let manager = try PortManager(options)
        #expect(manager.range == low)
        #expect(try await manager.allocate() == low.lowerBound)
    }

    @Test func rangeOfACallOverridesTheManagers() async throws {
        let manager = try PortManager(registryPath: registry.path, range: low)
        #expect(try await manager.allocate(in: high) == high.lowerBound)
        #expect(manager.range == low)
    }

    @Test(arguments: [0...10, -5...5, 65_535...65_536, .min ... .max])
    func rangeOutsideThePortNumbersIsRefusedWhenUsed(_ range: ClosedRange<Int>) async throws {
        let manager = try PortManager(registryPath: registry.path, range: range)
        #expect(manager.range == range)
        #expect(await refusal { _ = try await manager.allocate() }?.code == "invalid_request")
        #expect(await refusal { _ = try await manager.allocateGroup(2) }?.code == "invalid_request")
        #expect(try await manager.allocate(in: low) == low.lowerBound)
        manager.range = low
        #expect(await refusal { _ = try await manager.allocate(in: range) }?.code == "invalid_request")
        #expect(try await manager.allocate() == low.lowerBound + 1)
    }
}
