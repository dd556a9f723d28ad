import PortModel
import PortRegistry
import PortTestSupport
import Synchronization
import Testing

/// What the registry says about a port that a process uses.
@Suite struct OccupiedPortTests {
    private let test = try! TestRegistry()
    private let node = Occupier(pid: 50, startTime: 1, name: "node", directory: "/shop", ancestors: [])

    @Test func refusalNamesTheProcessItsDirectoryAndItsProject() async throws {
        test.machine.listen(3000, as: node)
        let refusal = await test.refusal { try await test.allocate("a/main/web", port: 3000) }
        #expect(refusal?.code == .portInUse && refusal?.message == "port in use on system")
        #expect(refusal?.occupiers.map(\.pid) == [50] && refusal?.project == "shop/main")
        let who = "node (pid 50) in /shop (project shop/main) listens on it"
        #expect(refusal?.remedies == [.reason(who), .showListeners(Port(3000)!), .anyPort])
    }

    @Test func refusalSaysHowToRegisterTheProjectsOwnServer() async throws {
        test.machine.listen(3000, as: node)
        let own = await test.refusal { try await test.allocate("shop/main/web", port: 3000, root: "/shop") }
        let adoption = Remedy.adopt(Port(3000)!, try ServiceIdentity(path: "shop/main/web")!)
        #expect(own?.remedies.contains(adoption) == true)
        let other = await test.refusal { try await test.allocate("a/main/web", port: 3000, root: "/a") }
        #expect(
            other?.remedies.contains { if case .adopt = $0 { true } else { false } } == false
        )
    }

    @Test func refusalSaysThatTheProcessIsUnknown() async throws {
        test.machine.listen(3000)
        let refusal = await test.refusal { try await test.allocate("a/main/web", port: 3000) }
        #expect(refusal?.remedies.first == .reason("an unknown process of user id 1000 listens on it"))
        // Nobody listens on a port that is only bound, so that there is nothing to look at.
        test.machine.occupy(3001)
        let bound = await test.refusal { try await test.allocate("a/main/web", port: 3001) }
        #expect(bound?.remedies == [.anyPort])
    }

    @Test func projectIsNamedOnlyForTheProcessesInItsDirectory() async throws {
        var other = node
        (other.pid, other.name, other.directory) = (51, "ruby", "/elsewhere")
        test.machine.listen(3000, as: node, other)
        let refusal = await test.refusal { try await test.allocate("a/main/web", port: 3000) }
        let who = "node (pid 50) in /shop (project shop/main) and ruby (pid 51) in /elsewhere listen on it"
        #expect(refusal?.remedies.starts(with: [.reason(who), .showListeners(Port(3000)!)]) == true)
    }

    @Test func processesAreLookedForNeitherOnTheEventLoopNorMoreThanOnce() async throws {
        let loop = LoopExecutor()
        let wereOnLoop = Mutex<[Bool]>([])
        test.machine.listen(3000, as: node)
        test.machine.onProcessQuery { wereOnLoop.withLock { $0.append(loop.isCurrent) } }
        await withTaskExecutorPreference(loop) {
            // The preference takes effect when the task resumes.
            await Task.yield()
            #expect(loop.isCurrent)
            let refusal = await test.refusal { try await test.allocate("a/main/web", port: 3000) }
            #expect(refusal?.occupiers.map(\.pid) == [50])
        }
        #expect(wereOnLoop.withLock { $0 } == [false])
        await withTaskExecutorPreference(loop) {
            _ = await test.refusal { try await test.allocate("a/main/web", port: 3000, adopt: true) }
        }
        #expect(wereOnLoop.withLock { $0 } == [false, false])
    }

    @Test func processesAreNotLookedForWhileOnlyTheServicesOwnSocketListens() async throws {
        test.machine.listen(3000, as: node)
        try await test.allocate("shop/main/web", port: 3000, adopt: true, root: "/shop")
        let count = Atomic(0)
        test.machine.onProcessQuery { count.add(1, ordering: .relaxed) }
        for _ in 0..<2 { try await test.allocate("shop/main/web", ensure: true, root: "/shop") }
        #expect(count.load(ordering: .relaxed) == 0)
    }

    @Test func strictRefusalNamesTheProcessOnTheRememberedPort() async throws {
        try await test.allocate("a/main/web")
        try await test.release("a/main/web")
        test.machine.listen(3000, as: node)
        let refusal = await test.refusal { try await test.allocate("a/main/web", strict: true) }
        #expect(refusal?.code == .rememberedPortTaken && refusal?.occupiers.map(\.pid) == [50])
    }

    @Test func heldPortOnWhichAnUnknownProcessListensComesWithAWarning() async throws {
        try await test.allocate("a/main/web")
        test.machine.listen(3000)
        let process = "an unknown process of user id 1000 listens on port 3000"
        for _ in 0..<2 {
            let grant = try await test.allocate("a/main/web", ensure: true)
            #expect(grant.outcome == .existing)
            #expect(grant.warnings == ["\(process), which a/main/web has"])
            #expect(grant.remedies == [.showListeners(Port(3000)!)])
        }
    }

    @Test func adoptionSaysWhatSpeaksAgainstIt() async throws {
        let nobody = try await test.allocate("a/main/web", port: 3000, adopt: true, root: "/a")
        let reason = "it is allocated, but no running service was registered"
        #expect(nobody.warnings == ["nobody listens on port 3000: \(reason)"])
        test.machine.listen(3001)
        let unknown = try await test.allocate("a/main/api", port: 3001, adopt: true, root: "/a")
        #expect(unknown.warnings == ["an unknown process listens on port 3001"])
        // It was adopted on purpose, so that nothing is said again.
        #expect(try await test.allocate("a/main/api", ensure: true).warnings.isEmpty)
        test.machine.listen(3002, as: node)
        let foreign = try await test.allocate("a/main/db", port: 3002, adopt: true, root: "/a")
        #expect(foreign.warnings == ["node (pid 50) listens on port 3002 in /shop, not in /a"])
        test.machine.listen(3003, as: node)
        #expect(try await test.allocate("shop/main/x", port: 3003, adopt: true, root: "/shop").warnings.isEmpty)
    }

    @Test func strictPreferenceIsThatPortOrARefusal() async throws {
        func request(_ path: String, _ port: Int) async throws -> Grant {
            try await test.request(path, as: .projects) { request in
                request.whenAllocated = .share
                request.preferred = Port(port)
                request.strict = true
            }
        }
        test.machine.occupy(3201)
        try await test.allocate("b/main/web", port: 3202)
        #expect(await test.refusal { _ = try await request("a/default/default", 3201) }?.code == .portInUse)
        #expect(await test.refusal { _ = try await request("a/default/default", 3202) }?.code == .portAllocated)
        #expect(try await request("a/default/default", 3203).allocation.port == Port(3203))
        #expect(try await request("a/default/default", 3203).outcome == .existing)
        #expect(await test.refusal { _ = try await request("a/default/default", 3204) }?.code == .serviceAllocated)
    }

    @Test func onlyPortsOfTheSameProjectAreSuggestedForRelease() async throws {
        try await test.allocate("a/main/db", port: 5432)
        let own = await test.refusal { try await test.allocate("a/main/web", port: 5432) }
        #expect(own?.remedies == [.anyPort, .releasePort(Port(5432)!)])
        for other in ["a/login/web", "b/main/web"] {
            let refusal = await test.refusal { try await test.allocate(other, port: 5432) }
            #expect(refusal?.remedies == [.anyPort, .showHistory(Port(5432)!)])
        }
        var request = AllocationRequest(identity: try ServiceIdentity(path: "b/main/web")!)
        request.port = Port(5432)
        request.whenAllocated = .furtherUnlessHeld
        let reservation = await test.refusal { [request] in
            _ = try await test.registry.reserve(
                request,
                killIfOccupied: true,
                pid: nil,
                force: false,
                by: TestRegistry.caller
            )
        }
        #expect(reservation?.remedies == [.choosePort, .showHistory(Port(5432)!)])
    }
}
