import PortModel
import PortRegistry
import PortTestSupport
import Testing

@Suite struct ReleaseTests {
    @Test func releaseEndsExactlyWhatTheFilterMatches() async throws {
        let test = try TestRegistry()
        for name in ["a/main/web", "a/main/db", "a/dev/web", "b/main/web"] { try await test.allocate(name) }
        let released = try await test.registry.release(
            matching: AllocationFilter(app: "a", service: "web"),
            project: nil,
            by: TestRegistry.caller
        )
        #expect(released.map(\.identity.description) == ["a/main/web", "a/dev/web"])
        #expect(try await test.registry.allocationCount() == 2)
    }

    @Test func releaseWithoutAFilterIsRefused() async throws {
        let test = try TestRegistry()
        try await test.allocate("a/main/web")
        let refusal = await test.refusal {
            _ = try await test.registry.release(
                matching: AllocationFilter(),
                project: nil,
                by: TestRegistry.caller
            )
        }
        #expect(refusal?.code == .filterRequired)
        #expect(try await test.registry.allocationCount() == 1)
    }

    @Test func idIsNeverReused() async throws {
        let test = try TestRegistry()
        let first = try await test.allocate("a/main/web").allocation
        _ = try await test.registry.release(id: first.id, by: TestRegistry.caller)
        #expect(try await test.allocate("a/main/web").allocation.id > first.id)
        let refusal = await test.refusal {
            _ = try await test.registry.release(id: first.id, by: TestRegistry.caller)
        }
        #expect(refusal?.code == .allocationNotFound)
    }

    @Test func availabilityDistinguishesAllocatedBusyAndFreePorts() async throws {
        let test = try TestRegistry(exclude: "3005")
        let held = try await test.allocate("a/main/web").allocation
        test.machine.occupy(3001)
        #expect(try await test.registry.inspection(of: held.port).availability == .allocated(held))
        #expect(try await test.registry.inspection(of: Port(3001)!).availability == .inUse)
        #expect(try await test.registry.inspection(of: Port(3002)!).availability == .available(warnings: []))
        #expect(
            try await test.registry.inspection(of: Port(3005)!).availability
                == .available(warnings: ["port 3005 is excluded by the configuration"])
        )
    }

    @Test func allocationIsActiveWhileAProcessListens() async throws {
        let test = try TestRegistry()
        let allocation = try await test.allocate("a/main/web").allocation
        #expect(await test.registry.reports(on: [allocation]).map(\.state) == [.reserved])
        test.machine.occupy(3000)
        #expect(await test.registry.reports(on: [allocation]).map(\.state) == [.active])
    }
}
