import PortModel
import PortRegistry
import PortTestSupport
import Testing

/// Several ports of one service, and the move away from a port on which another process listens.
@Suite struct ReplicaTests {
    private let test = try! TestRegistry()

    @discardableResult
    private func run(
        _ path: String,
        pid: Int32,
        port: Int? = nil,
        strict: Bool = false,
        moving: Bool = false
    ) async throws -> Grant {
        try await test.request(path, as: .leases) {
            $0.whenAllocated = moving ? .moveIdle : .takeIdle
            $0.hold = .process(pid: pid, grace: 0, ttl: nil)
            $0.port = port.flatMap { Port($0) }
            $0.strict = strict
            $0.project = Project.Directories(root: "/shop", directory: "/shop")
        }
    }

    private func occupier(_ pid: Int32, in directory: String?, below ancestors: [Int32] = []) -> Occupier {
        Occupier(pid: pid, startTime: 1, name: "nginx", directory: directory, ancestors: ancestors)
    }

    @Test func secondLeaseOfANameIsAnotherReplica() async throws {
        for replica in 0..<3 {
            let grant = try await test.request("a/main/web", as: .leases) { $0.whenAllocated = .further }
            #expect(grant.allocation.replica == replica && grant.allocation.port == Port(8000 + replica))
        }
        #expect(try await test.registry.lookUp("a/main/web", in: nil).map(\.port.number) == [8000, 8001, 8002])
        _ = try await test.registry.release(
            matching: AllocationFilter(port: Port(8001)),
            project: nil,
            by: .init(face: .leases)
        )
        let again = try await test.request("a/main/web", as: .leases) { $0.whenAllocated = .further }
        #expect(again.allocation.replica == 1 && again.allocation.port == Port(8001))
    }

    @Test func runTakesTheIdlePortOrAnotherReplica() async throws {
        for pid in 10..<13 as Range<Int32> { test.machine.start(pid) }
        #expect(try await run("shop/main/web", pid: 10).allocation.replica == 0)
        let second = try await run("shop/main/web", pid: 11)
        #expect(second.allocation.replica == 1 && second.outcome == .new)
        test.machine.end(10)
        let third = try await run("shop/main/web", pid: 12)
        #expect(third.allocation.replica == 0 && third.allocation.port == Port(8000))
    }

    @Test func idlePortMovesToTheRequestedOneOnlyWhenThatIsWanted() async throws {
        test.machine.start(10)
        try await test.allocate("shop/main/web", root: "/shop")
        await #expect(throws: RegistryError.self) { try await run("shop/main/web", pid: 10, port: 8002) }
        let moved = try await run("shop/main/web", pid: 10, port: 8002, moving: true)
        #expect(moved.outcome == .moved && moved.allocation.port == Port(8002) && moved.allocation.replica == 0)
        #expect(moved.warnings == ["shop/main/web had port 3000: moved to 8002"])
        // The permanent hold moves, too, and the port is the one that the service remembers.
        #expect(moved.allocation.holds.map(\.face) == [.registry, .leases])
        test.machine.end(10)
        #expect(try await test.registry.lookUp("shop/main/web", in: nil).map(\.port.number) == [8002])
        let filter = AllocationFilter(port: Port(8002))
        _ = try await test.registry.release(matching: filter, project: nil, by: .init(face: .leases))
        #expect(try await test.allocate("shop/main/web", root: "/shop").allocation.port == Port(8002))
        let entries = try await test.registry.journal(limit: 20).filter { $0.action == .moved }
        #expect(Set(entries.map(\.port?.number)) == [3000, 8002])
    }

    @Test func portInUseIsNotMovedButGetsAFurtherReplicaOnTheRequestedOne() async throws {
        for pid in [10, 11] as [Int32] { test.machine.start(pid) }
        try await run("shop/main/web", pid: 10)
        let second = try await run("shop/main/web", pid: 11, port: 8003, moving: true)
        #expect(second.outcome == .new && second.allocation.port == Port(8003) && second.allocation.replica == 1)
        #expect(try await test.registry.lookUp("shop/main/web", in: nil).map(\.port.number).sorted() == [8000, 8003])
    }

    @Test func nothingMovesToAPortOfAnotherServiceOrOneThatIsInUse() async throws {
        test.machine.start(10)
        try await test.allocate("shop/main/web", port: 3000, root: "/shop")
        try await test.allocate("other/main/db", port: 3001)
        test.machine.listen(3002, as: occupier(20, in: "/elsewhere"))
        for (port, code) in [(3001, RegistryError.Code.portAllocated), (3002, .portInUse)] {
            let error = await #expect(throws: RegistryError.self) {
                try await run("shop/main/web", pid: 10, port: port, moving: true)
            }
            #expect(error?.code == code)
            #expect(error?.holder?.identity.description == (port == 3001 ? "other/main/db" : nil))
        }
        #expect(try await test.registry.lookUp("shop/main/web", in: nil).map(\.port.number) == [3000])
    }

    @Test func serverWhoseDirectoryWasRemovedIsNamedAndFoundLast() async throws {
        for pid in [10, 11] as [Int32] { test.machine.start(pid) }
        try await run("shop/feat/web", pid: 10)
        var old = occupier(10, in: nil)
        old.removedDirectory = "/feat"
        test.machine.listen(8000, as: old)
        let second = try await run("shop/feat/web", pid: 11)
        #expect(second.allocation.port == Port(8001))
        #expect(
            second.warnings == [
                "port 8000 of shop/feat/web is served by nginx (pid 10), whose directory /feat was removed"
            ]
        )
        #expect(second.remedies == [.kill(Port(8000)!, pid: 10)])
        #expect(try await test.registry.lookUp("shop/feat/web", in: nil).map(\.port.number) == [8001, 8000])
        #expect(
            try await test.registry.diagnosis().servedFromRemovedDirectories.map(\.allocation.port.number) == [8000]
        )
        test.machine.free(8000)
        #expect(try await test.registry.lookUp("shop/feat/web", in: nil).map(\.port.number) == [8000, 8001])
    }

    @Test func runTakesThePermanentPortOfTheService() async throws {
        test.machine.start(10)
        try await test.allocate("shop/main/web", root: "/shop")
        let grant = try await run("shop/main/web", pid: 10)
        #expect(grant.outcome == .existing && grant.allocation.port == Port(3000))
        test.machine.end(10)
        #expect(try await test.heldPort("shop/main/web") == 3000)
    }

    @Test func portOfARunningServerOfTheProjectIsNotIdle() async throws {
        test.machine.start(10)
        try await test.allocate("shop/main/web", root: "/shop")
        test.machine.listen(3000, as: occupier(77, in: "/shop/src"))
        #expect(try await run("shop/main/web", pid: 10).allocation.replica == 1)
    }

    @Test func runRefusesAnotherPortThanTheIdleOne() async throws {
        test.machine.start(10)
        try await test.allocate("shop/main/web", root: "/shop")
        let refusal = await test.refusal { _ = try await run("shop/main/web", pid: 10, port: 4000) }
        #expect(refusal?.code == .serviceAllocated)
        #expect(try await run("shop/main/web", pid: 10, port: 3000).outcome == .existing)
        test.machine.start(11)
        #expect(try await run("shop/main/web", pid: 11, port: 4000).allocation.replica == 1)
        let used = await test.refusal { _ = try await run("shop/main/web", pid: 11, port: 3000) }
        #expect(used?.code == .portAllocated)
    }

    @Test func conflictMovesTheServiceWithAWarning() async throws {
        test.machine.start(10)
        let first = try await test.allocate("shop/main/web", ensure: true, root: "/shop").allocation
        test.machine.listen(3000, as: occupier(77, in: "/elsewhere"))
        #expect(await test.registry.reports(on: [first]).map(\.state) == [.conflict])
        let strict = await test.refusal {
            try await test.allocate("shop/main/web", ensure: true, strict: true, root: "/shop")
        }
        #expect(strict?.code == .rememberedPortTaken && strict?.message.contains("nginx (pid 77)") == true)
        let moved = try await test.allocate("shop/main/web", ensure: true, root: "/shop")
        #expect(moved.outcome == .moved && moved.allocation.id == first.id && moved.allocation.port == Port(3001))
        #expect(moved.warnings == ["port 3000, which shop/main/web has, is taken by nginx (pid 77): moved to 3001"])
        for port in [3000, 3001] {
            let history = try await test.registry.journal(about: Port(port)!, limit: 1)
            #expect(history[0].action == .moved && history[0].reason == moved.warnings[0])
        }
        test.machine.free(3000)
        #expect(try await test.port("other/main/web") == 3000)
        #expect(try await test.heldPort("shop/main/web") == 3001)
    }

    @Test func serverOfAnExitedShellIsNotAConflictForTheNextShell() async throws {
        test.machine.start(10)
        let first = try await test.request("app/default/default", as: .projects) {
            $0.hold = .process(pid: 10, grace: 300, ttl: nil)
        }
        test.machine.start(77)
        test.machine.listen(3100, as: test.machine.occupier(77, below: [10]))
        #expect(await test.registry.reports(on: [first.allocation]).map(\.verdict.verdict) == [.mine])
        // The server outlives its shell, and has process 1 as its parent then.
        test.machine.end(10)
        test.machine.free(3100)
        test.machine.listen(3100, as: test.machine.occupier(77, below: []))
        _ = try await test.registry.expireHolds()
        test.machine.start(11)
        for _ in 0..<2 {
            let grant = try await test.request("app/default/default", as: .projects) {
                $0.whenAllocated = .share
                $0.hold = .process(pid: 11, grace: 300, ttl: nil)
            }
            #expect(grant.outcome == .existing && grant.allocation.port == Port(3100))
        }
    }

    @Test func runMovesAwayFromAConflict() async throws {
        test.machine.start(10)
        try await test.allocate("shop/main/web", root: "/shop")
        test.machine.listen(3000, as: occupier(77, in: "/elsewhere"))
        let moved = try await run("shop/main/web", pid: 10)
        #expect(moved.outcome == .moved && moved.allocation.port == Port(8000) && moved.allocation.replica == 0)
    }

    @Test func adoptedListenerIsNotAConflictInAnyDirectory() async throws {
        test.machine.listen(3110, as: occupier(77, in: "/var/lib/db"))
        let adopted = try await test.allocate("shop/main/db", port: 3110, adopt: true, root: "/shop").allocation
        #expect(await test.registry.reports(on: [adopted]).map(\.state) == [.active])
        #expect(try await test.allocate("shop/main/db", ensure: true, root: "/shop").outcome == .existing)
    }

    @Test func lookupDoesNotMoveTheService() async throws {
        try await test.allocate("shop/main/web", root: "/shop")
        test.machine.listen(3000, as: occupier(77, in: "/elsewhere"))
        #expect(try await test.heldPort("shop/main/web") == 3000)
    }

    @Test func preferredPortIsTakenWhenItIsFree() async throws {
        let grant = try await test.request("a/main/web", as: .projects) { $0.preferred = Port(3221) }
        #expect(grant.allocation.port == Port(3221))
        let taken = try await test.request("b/main/web", as: .projects) { $0.preferred = Port(3221) }
        #expect(taken.allocation.port == Port(3100))
        test.machine.occupy(3222)
        let busy = try await test.request("c/main/web", as: .projects) { $0.preferred = Port(3222) }
        #expect(busy.allocation.port == Port(3101))
    }

    @Test func rememberedPortsOfAFullPoolAreGivenLeastRecentlyUsedFirst() async throws {
        for service in ["a", "b", "c", "d", "e"] {
            _ = try await test.request("x/main/\(service)", as: .leases)
        }
        for service in ["c", "a", "e", "b", "d"] { try await test.release("x/main/\(service)") }
        var order: [UInt16] = []
        for service in ["v", "w", "x", "y", "z"] {
            order.append(try await test.request("y/main/\(service)", as: .leases).allocation.port.number)
        }
        #expect(order == [8002, 8000, 8004, 8001, 8003])
    }
}
