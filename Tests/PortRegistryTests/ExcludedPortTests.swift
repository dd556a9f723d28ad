import FoundationEssentials
import PortModel
import PortRegistry
import PortTestSupport
import Testing

/// What automatic choice does when a pool has only excluded ports left.
@Suite struct ExcludedPortTests {
    /// A machine whose kernel takes ports for outgoing connections from almost everywhere, as Bottlerocket's does.
    private func registry(pool: String, reserved: String? = nil, exclude: String? = nil) throws -> TestRegistry {
        var exclusions = PortExclusions.standard(
            firstUnprivileged: 1024,
            ephemeral: PortRange("1025-65000"),
            reserved: PortSet(),
            systemServices: PortSet(),
            ownPorts: [],
            configured: PortSet()
        )
        if let reserved { exclusions.exclude(PortSet(PortRange(reserved)!), because: .reservedByKernel) }
        return try TestRegistry(pool: pool, exclude: exclude, excluding: exclusions)
    }

    private func warning(_ port: Int, in pool: String) -> String {
        "port \(port) lies in the kernel's ephemeral range 1025-65000: an outgoing connection may take it; "
            + "range \(pool) has no better port"
    }

    @Test func ephemeralPortsAreGivenWithAWarningWhenAPoolHasNoOthers() async throws {
        let test = try registry(pool: "3000-3999")
        let grant = try await test.allocate("a/main/web")
        #expect(grant.allocation.port == Port(3000) && grant.warnings == [warning(3000, in: "3000-3999")])
        #expect(try await test.port("b/main/web") == 3001)
    }

    @Test(arguments: Face.allCases)
    func everyFaceGivesEphemeralPortsRatherThanNone(_ face: Face) async throws {
        let test = try registry(pool: "3000-3999")
        let pool = test.registry.settings.pool(of: face)
        let grant = try await test.request("a/main/web", as: face)
        #expect(grant.allocation.port == pool.ranges[0].lower)
        #expect(grant.warnings == [warning(Int(grant.allocation.port.number), in: pool.description)])
    }

    @Test func unexcludedPortsComeFirstThenReservedOnesThenEphemeralOnes() async throws {
        let test = try registry(pool: "64998-65001", reserved: "65000-65000")
        let grants = [
            try await test.allocate("a/main/1"), try await test.allocate("a/main/2"),
            try await test.allocate("a/main/3"), try await test.allocate("a/main/4"),
        ]
        #expect(grants.map(\.allocation.port.number) == [65001, 65000, 64998, 64999])
        #expect(
            grants.map(\.warnings) == [
                [], ["port 65000 is in the kernel's list of reserved ports; range 64998-65001 has no better port"],
                [warning(64998, in: "64998-65001")], [warning(64999, in: "64998-65001")],
            ]
        )
    }

    /// The kernel takes no reserved port for an outgoing connection, also in its ephemeral range.
    @Test func reservedPortOfTheEphemeralRangeHasOneReason() throws {
        let exclusions = try registry(pool: "3000", reserved: "3000-3009").registry.settings.exclusions
        #expect(exclusions.reasons(for: Port(3005)!) == [.reservedByKernel])
        #expect(exclusions.reasons(for: Port(3010)!) == [.ephemeral(PortRange("1025-65000")!)])
    }

    @Test(arguments: ["3030", "9876", "6665-6669", "1000-1023", "4000-4009"])
    func otherExclusionsNeverGiveWay(_ pool: String) async throws {
        let test = try registry(pool: pool, exclude: "4000-4009")
        #expect(await test.refusal { try await test.allocate("a/main/web") }?.code == .poolFull)
    }

    @Test func rememberedEphemeralPortIsGivenBackWithItsWarning() async throws {
        let test = try registry(pool: "3000-3999")
        try await test.allocate("a/main/web")
        try await test.release("a/main/web")
        let again = try await test.allocate("a/main/web")
        let warning = "port 3000 lies in the kernel's ephemeral range 1025-65000: an outgoing connection may take it"
        #expect(again.allocation.port == Port(3000) && again.warnings == [warning])
    }

    @Test func portThatAServiceMovesToHasItsWarning() async throws {
        let test = try registry(pool: "3000-3001")
        try await test.allocate("a/main/web", root: "/a")
        test.machine.listen(
            3000,
            as: Occupier(pid: 50, startTime: 1, name: "node", directory: "/b", ancestors: [])
        )
        let grant = try await test.allocate("a/main/web", ensure: true, root: "/a")
        #expect(grant.outcome == .moved && grant.allocation.port == Port(3001))
        #expect(grant.warnings.last == warning(3001, in: "3000-3001"))
    }

    @Test(arguments: [false, true])
    func groupGetsEphemeralPortsWithOneWarning(isContiguous: Bool) async throws {
        let test = try registry(pool: "3000-3009")
        try await test.allocate("a/main/web", port: 3001)
        var request = try GroupRequest(count: 3, roles: [], app: "shop", instance: "main")
        request.isContiguous = isContiguous
        let group = try await test.registry.allocate(request, by: TestRegistry.caller)
        let ports = isContiguous ? "3002-3004" : "3000, 3002-3003"
        #expect(PortSet(group.allocations.map(\.port)).description == ports)
        #expect(
            group.warnings == [
                "ports \(ports) lie in the kernel's ephemeral range 1025-65000: an outgoing connection may take them"
            ]
        )
    }

    @Test func consecutiveGroupGetsItsEphemeralPortsBack() async throws {
        let test = try registry(pool: "3000-3009")
        var request = try GroupRequest(count: 2, roles: ["a", "b"], app: "shop", instance: "main")
        request.isContiguous = true
        try await test.allocate("x/main/web")
        let group = try await test.registry.allocate(request, by: TestRegistry.caller)
        _ = try await test.registry.release(group: group.id, by: TestRegistry.caller)
        try await test.release("x/main/web")
        let again = try await test.registry.allocate(request, by: TestRegistry.caller)
        #expect(again.allocations.map(\.port.number) == [3001, 3002])
    }

    @Test func requestedRangeAndPreferredPortMayBeEphemeral() async throws {
        let test = try TestRegistry()
        for (number, port) in [40000, 40001].enumerated() {
            let grant = try await test.request("a/main/\(number)") { request in
                request.preferred = Port(40000)
                request.pool = PortPool("40000-40099")
            }
            #expect(grant.allocation.port == Port(port))
        }
    }

    @Test func fullPoolCountsItsPortsByReason() async throws {
        let test = try registry(pool: "6660-6670", exclude: "6661-6661")
        try await test.allocate("a/main/web", port: 6660)
        test.machine.occupy(6662, 6663, 6664, 6670)
        let refusal = await test.refusal { try await test.allocate("b/main/web") }
        let counts = "5 of 11 ports are refused by browsers, 4 are in use on system, 1 is allocated to \"a\""
        #expect(refusal?.message == "range 6660-6670 is full: \(counts), 1 is excluded by the configuration")
        #expect(
            refusal?.remedies == [
                .changeSetting("exclude", "take ports out of exclude in config.yaml"), widening,
                .restart(.readConfiguration),
            ]
        )
    }

    @Test func fullPoolSuggestsToReleasePortsOfTheSameProjectOnly() async throws {
        let test = try TestRegistry(pool: "3000-3001")
        try await test.allocate("my shop/main/web")
        try await test.allocate("other/main/web")
        let own = await test.refusal { try await test.allocate("my shop/main/api") }
        let releasing = Remedy.releaseUnneeded(app: "my shop", instance: "main")
        #expect(own?.remedies == [releasing, widening, .restart(.readConfiguration)])
        for other in ["my shop/login/web", "third/main/web"] {
            let refusal = await test.refusal { try await test.allocate(other) }
            #expect(refusal?.remedies == [widening, .restart(.readConfiguration)])
        }
        let range = await test.refusal {
            try await test.request("third/main/web") { $0.pool = PortPool("3000-3001") }
        }
        #expect(range?.remedies == [.otherRange])
    }

    private let widening = Remedy.changeSetting("pools.registry", "widen pools.registry in config.yaml")
}
