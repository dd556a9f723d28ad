import PortModel
import PortTestSupport
import Testing

@testable import PortRegistry

/// A hold follows the service: the service's own listener is the owner when the owner exits.
@Suite struct HeirTests {
    private let test = try! TestRegistry()

    private func request(_ path: String, pid: Int32, grace: Int, root: String? = nil) async throws -> Allocation {
        try await test.request(path, as: .projects) {
            $0.hold = .process(pid: pid, grace: grace, ttl: nil)
            $0.project = root.map { Project.Directories(root: $0, directory: $0) }
        }.allocation
    }

    private func allocation() async throws -> Allocation? {
        try await test.registry.allocations(matching: AllocationFilter()).first
    }

    @Test func serverInTheServicesDirectoryOwnsThePortAfterItsShell() async throws {
        test.machine.start(10)
        test.machine.start(77)
        let port = Int(try await request("shop/main/web", pid: 10, grace: 300, root: "/shop").port.number)
        test.machine.listen(port, as: test.machine.occupier(77, in: "/shop", below: []))
        test.machine.end(10)
        _ = try await test.registry.expireHolds()
        let hold = try await allocation()?.holds.first
        #expect(hold?.livingOwner?.pid == 77 && hold?.deadline == nil && hold?.face == .projects)
        let entry = try await test.registry.journal(limit: 1)[0]
        #expect(entry.action == .ownerExited)
        #expect(entry.reason == "process 10 has ended; node (pid 77), its server, holds the port from now on")
        // When the server exits, the grace that was asked for begins.
        test.machine.end(77)
        test.machine.free(port)
        _ = try await test.registry.expireHolds()
        #expect(try await allocation()?.holds.first?.deadline != nil)
    }

    @Test func allocationOfRunGoesOnWithTheServerThatItsCommandLeft() async throws {
        test.machine.start(10)
        test.machine.start(77)
        let port = Int(try await request("shop/main/web", pid: 10, grace: 0).port.number)
        test.machine.listen(port, as: test.machine.occupier(77, below: [10]))
        // Seen before its parent exits.
        _ = await test.registry.reports(on: [try #require(try await allocation())])
        test.machine.end(10)
        test.machine.free(port)
        test.machine.listen(port, as: test.machine.occupier(77, below: []))
        _ = try await test.registry.expireHolds()
        #expect(try await allocation()?.holds.map(\.livingOwner?.pid) == [77])
        test.machine.end(77)
        test.machine.free(port)
        _ = try await test.registry.expireHolds()
        #expect(try await allocation() == nil)
    }

    @Test(arguments: [true, false]) func processWithThePidOfTheOwnerInheritsNothing(_ isServer: Bool) async throws {
        test.machine.start(10)
        let allocation = try await request("shop/main/web", pid: 10, grace: 0, root: "/shop")
        // The owner has ended, and its pid is that of a server in another directory, or of its parent.
        test.machine.start(10)
        test.machine.start(77)
        let server = test.machine.occupier(isServer ? 10 : 77, in: "/other", below: isServer ? [5] : [10, 5])
        test.machine.listen(Int(allocation.port.number), as: server)
        _ = try await test.registry.expireHolds()
        #expect(try await self.allocation()?.holds == [])
        let lingering = try #require(try await self.allocation())
        #expect(await test.registry.reports(on: [lingering]).map(\.verdict.verdict) == [.foreign])
    }

    @Test func foreignListenerInheritsNothing() async throws {
        test.machine.start(10)
        test.machine.start(77)
        let port = Int(try await request("shop/main/web", pid: 10, grace: 300, root: "/shop").port.number)
        test.machine.listen(port, as: test.machine.occupier(77, in: "/elsewhere", below: [5]))
        test.machine.end(10)
        _ = try await test.registry.expireHolds()
        #expect(try await allocation()?.holds.first?.owner?.pid == 10)
        #expect(try await allocation()?.holds.first?.deadline != nil)
    }

    @Test func expiredLeaseIsKeptByItsServer() async throws {
        test.machine.start(77)
        let lease = try await test.request("shop/main/web", as: .leases) {
            $0.hold = .ttl(5)
            $0.project = Project.Directories(root: "/shop", directory: "/shop")
        }.allocation
        test.machine.listen(Int(lease.port.number), as: test.machine.occupier(77, in: "/shop", below: [5]))
        test.machine.advance(bySeconds: 6)
        _ = try await test.registry.expireHolds()
        #expect(try await allocation()?.holds.map(\.livingOwner?.pid) == [77])
        let entry = try await test.registry.journal(limit: 1)[0]
        #expect(entry.action == .held && entry.reason == "node (pid 77), its server, holds the port from now on")
    }

    @Test func lingeringAllocationIsHeldAgainOnceItsServerIsKnown() async throws {
        var detector = await ConflictDetector(registry: test.registry)
        test.machine.start(77)
        let lease = try await test.request("shop/main/web", as: .leases) {
            $0.hold = .ttl(5)
            $0.project = Project.Directories(root: "/shop", directory: "/shop")
        }.allocation
        let port = Int(lease.port.number)
        test.machine.listen(port, as: test.machine.occupier(78, in: "/elsewhere", below: [5]))
        test.machine.advance(bySeconds: 6)
        _ = try await test.registry.expireHolds()
        #expect(try await allocation()?.holds == [])
        test.machine.free(port)
        test.machine.listen(port, as: test.machine.occupier(77, in: "/shop", below: [5]))
        _ = try await detector.inspect(test.changeToken())
        #expect(try await allocation()?.holds.map(\.livingOwner?.pid) == [77])
    }

    @Test func holdOfAnotherFaceStaysBesideTheInheritedOne() async throws {
        for pid in [10, 77] as [Int32] { test.machine.start(pid) }
        let port = Int(try await request("shop/main/web", pid: 10, grace: 300, root: "/shop").port.number)
        try await test.request("shop/main/web", as: .leases) {
            $0.whenAllocated = .share
            $0.hold = .process(pid: 77, grace: 5, ttl: nil)
        }
        test.machine.listen(port, as: test.machine.occupier(77, in: "/shop", below: []))
        test.machine.end(10)
        _ = try await test.registry.expireHolds()
        let holds = try await allocation()?.holds ?? []
        #expect(Set(holds.map(\.face)) == [.projects, .leases] && holds.allSatisfy { $0.livingOwner?.pid == 77 })
    }

    @Test func holdsInGraceOfOneOwnerAreKeptForEachFace() async throws {
        test.machine.start(10)
        _ = try await request("shop/main/web", pid: 10, grace: 5)
        try await test.request("shop/main/web", as: .leases) {
            $0.whenAllocated = .share
            $0.hold = .process(pid: 10, grace: 300, ttl: nil)
        }
        test.machine.end(10)
        _ = try await test.registry.expireHolds()
        #expect(try await allocation()?.holds.count == 2)
    }

    @Test func severalOwnersOfOneFaceHaveOneHeir() async throws {
        for pid in [10, 11, 77] as [Int32] { test.machine.start(pid) }
        let port = Int(try await request("shop/main/web", pid: 10, grace: 300, root: "/shop").port.number)
        try await test.request("shop/main/web", as: .projects) {
            $0.whenAllocated = .share
            $0.hold = .process(pid: 11, grace: 300, ttl: nil)
        }
        test.machine.listen(port, as: test.machine.occupier(77, in: "/shop", below: []))
        test.machine.end(10)
        test.machine.end(11)
        _ = try await test.registry.expireHolds()
        #expect(try await allocation()?.holds.map(\.livingOwner?.pid) == [77])
    }
}
