import PortModel
import PortRegistry
import PortTestSupport
import Testing

/// The severity of a finding and what helps are rules, whoever shows it.
@Suite struct DiagnosisTests {
    private let test = try! TestRegistry(pool: "3000-3099")

    /// The finding about a pool with `free` of `usable` ports.
    private func finding(free: Int, of usable: Int, isPoor: Bool = false, gap: String? = nil) async throws -> Finding {
        var diagnosis = try await test.registry.diagnosis()
        var usage = try #require(diagnosis.pools.first { $0.face == .registry })
        (usage.pool, usage.usable, usage.allocated) = (PortPool("3000-3999")!, usable, usable - free)
        usage.isPoor = isPoor
        diagnosis.pools = [usage]
        diagnosis.freeRange = gap.flatMap { PortRange($0) }
        return try #require(diagnosis.findings.first { $0.check == .pool(.registry) })
    }

    @Test func registryWithoutProblemsHasNothingToDo() async throws {
        let findings = try await test.registry.diagnosis().findings
        // The settings of the test exclude no ephemeral range.
        #expect(findings.filter { $0.severity != .ok }.map(\.check) == [.ephemeralRange])
        #expect(findings.filter { !$0.remedies.isEmpty }.map(\.check) == [.ephemeralRange])
    }

    @Test func poolWithLessThanATenthFreeIsAWarning() async throws {
        #expect(try await finding(free: 10, of: 100).severity == .ok)
        let full = try await finding(free: 9, of: 100)
        #expect(full.severity == .warning && full.message == "3000-3999: 9 of 100 usable ports are free")
        #expect(
            full.remedies == [
                .changeSetting("pools.registry", "widen pools.registry in config.yaml"), .restart(.readConfiguration),
                .listAllocations,
            ]
        )
    }

    @Test func poolOfExcludedPortsIsAProblemAndOneThatGivesThemAWarning() async throws {
        let none = try await finding(free: 0, of: 0, gap: "4000-4199")
        #expect(none.severity == .problem)
        let moving = Remedy.changeSetting(
            "pools.registry",
            "give pools.registry other ranges in config.yaml, such as 4000-4199"
        )
        #expect(none.remedies == [moving, .restart(.readConfiguration)])
        let poor = try await finding(free: 100, of: 100, isPoor: true, gap: "4000-4199")
        #expect(poor.severity == .warning && poor.remedies == none.remedies)
        // A few ports are no remedy for a pool.
        let narrow = try await finding(free: 100, of: 100, isPoor: true, gap: "4000-4009")
        #expect(narrow.remedies.last == .restart(.readEphemeralRange))
    }

    @Test func processOfAnotherProjectOnAnAllocatedPortIsAProblem() async throws {
        try await test.allocate("shop/main/web", port: 3000, root: "/shop")
        let node = Occupier(pid: 50, startTime: 1, name: "node", directory: "/other", ancestors: [])
        test.machine.listen(3000, as: node)
        let finding = try #require(try await test.registry.diagnosis().findings.first { $0.check == .conflicts })
        #expect(finding.severity == .problem)
        let web = try ServiceIdentity(path: "shop/main/web")!
        #expect(finding.remedies == [.move(web), .showListeners(Port(3000)!), .kill(Port(3000)!, pid: 50)])
    }

    @Test func processInARemovedDirectoryIsAWarning() async throws {
        try await test.allocate("shop/main/web", port: 3000, root: "/shop")
        let node = Occupier(
            pid: 50,
            startTime: 1,
            name: "node",
            directory: nil,
            removedDirectory: "/shop",
            ancestors: []
        )
        test.machine.listen(3000, as: node)
        let findings = try await test.registry.diagnosis().findings
        let finding = try #require(findings.first { $0.check == .removedDirectories })
        #expect(finding.severity == .warning && finding.remedies == [.kill(Port(3000)!, pid: 50)])
    }

    @Test func kernelThatDoesNotAnswerIsAProblem() async throws {
        test.machine.makeKernelUnavailable()
        let finding = try #require(try await test.registry.diagnosis().findings.first { $0.check == .listeners })
        #expect(finding.severity == .problem && !finding.remedies.isEmpty)
    }
}
