import PortModel
import PortRegistry
import PortTestSupport
import Testing

/// One number is one allocation for both protocols: automatic choice leaves out numbers with a bound UDP socket, a
/// number that was asked for is given with a warning, and nobody loses a port because of one.
@Suite struct UDPTests {
    private let test = try! TestRegistry(pool: "3000-3003")
    private let dns = Occupier(pid: 50, startTime: 1, name: "dnsmasq", directory: "/dns", ancestors: [])

    @Test(arguments: Face.allCases)
    func automaticChoiceLeavesOutNumbersWithAUDPSocket(_ face: Face) async throws {
        let first = test.registry.settings.pool(of: face).ranges[0].lower
        test.machine.bindUDP(Int(first.number))
        let grant = try await test.request("a/main/web", as: face)
        #expect(grant.allocation.port.number == first.number + 1 && grant.warnings.isEmpty)
    }

    @Test func numberIsGivenAgainOnceItsUDPSocketIsClosed() async throws {
        test.machine.bindUDP(3000)
        #expect(try await test.port("a/main/web") == 3001)
        test.machine.freeUDP(3000)
        #expect(try await test.port("b/main/web") == 3000)
    }

    @Test func portsThatOthersRememberAreLeftOutToo() async throws {
        for name in ["a", "b", "c", "d"] { try await test.allocate("\(name)/main/web") }
        try await test.release("a/main/web")
        try await test.release("b/main/web")
        test.machine.bindUDP(3000)
        #expect(try await test.port("e/main/web") == 3001)
    }

    @Test func numberWithAUDPSocketIsGivenWithAWarningWhenThePoolHasNoOther() async throws {
        for port in 3000...3003 { test.machine.bindUDP(port, as: dns) }
        let grant = try await test.allocate("a/main/web")
        #expect(grant.allocation.port == Port(3000))
        let used = "UDP port 3000 is used by dnsmasq (pid 50) in /dns"
        #expect(grant.warnings == ["\(used); no better port is free"])
    }

    @Test func explicitRequestIsGrantedWithAWarningThatNamesTheProcess() async throws {
        test.machine.bindUDP(5353, as: dns)
        let grant = try await test.allocate("a/main/web", port: 5353)
        #expect(grant.allocation.port == Port(5353))
        #expect(grant.warnings == ["UDP port 5353 is used by dnsmasq (pid 50) in /dns"])
        #expect(grant.remedies == [.showListeners(Port(5353)!)])
    }

    @Test func warningSaysThatTheProcessIsUnknown() async throws {
        test.machine.bindUDP(5353)
        let grant = try await test.request("a/main/web") { $0.preferred = Port(5353) }
        #expect(grant.allocation.port == Port(5353))
        #expect(grant.warnings == ["UDP port 5353 is used by an unknown process of user id 1000"])
    }

    @Test func reservationHasTheWarningToo() async throws {
        test.machine.bindUDP(5353, as: dns)
        var request = AllocationRequest(identity: try ServiceIdentity(path: "a/main/web")!)
        request.port = Port(5353)
        let reservation = try await test.registry.reserve(
            request,
            killIfOccupied: true,
            pid: nil,
            force: false,
            by: TestRegistry.caller
        )
        #expect(reservation.grant.warnings.count == 1 && !reservation.wasOccupied && test.machine.signals.isEmpty)
    }

    @Test func availablePortIsReportedWithTheWarning() async throws {
        test.machine.bindUDP(3000, as: dns)
        guard case .available(let warnings) = try await test.registry.inspection(of: Port(3000)!).availability else {
            Issue.record("the port is not available")
            return
        }
        #expect(warnings == ["UDP port 3000 is used by dnsmasq (pid 50) in /dns"])
    }

    // MARK: One's own port

    @Test func serviceWithItsOwnUDPSocketKeepsItsPortWithoutAWarning() async throws {
        try await test.allocate("dns/main/dns", root: "/dns")
        test.machine.listen(3000, as: dns)
        test.machine.bindUDP(3000, as: dns)
        for port in [nil, 3000] {
            let again = try await test.allocate("dns/main/dns", port: port, ensure: true, root: "/dns")
            #expect(again.allocation.port == Port(3000) && again.warnings.isEmpty)
        }
        #expect(test.machine.udpSnapshotCount == 1, "read for the first request, which chose a port")
    }

    @Test func rememberedPortIsGivenBackWhoeverHasItsUDPPort() async throws {
        try await test.allocate("a/main/web")
        try await test.release("a/main/web")
        test.machine.bindUDP(3000, as: dns)
        for strict in [true, false] {
            let again = try await test.allocate("a/main/web", strict: strict)
            #expect(again.allocation.port == Port(3000) && again.warnings.isEmpty)
            try await test.release("a/main/web")
        }
    }

    @Test func explicitRequestOfTheServersOwnProjectHasNoWarning() async throws {
        test.machine.bindUDP(5353, as: dns)
        let own = try await test.allocate("dns/main/dns", port: 5353, root: "/dns")
        #expect(own.warnings.isEmpty)
        test.machine.bindUDP(5354, as: dns)
        let other = try await test.allocate("a/main/dns", port: 5354, root: "/a")
        #expect(other.warnings.count == 1)
    }

    @Test func serviceThatUsesUDPOnlyIsAdopted() async throws {
        test.machine.bindUDP(5353, as: dns)
        let own = try await test.allocate("dns/main/dns", port: 5353, adopt: true, root: "/dns")
        #expect(own.warnings.isEmpty && own.allocation.port == Port(5353))
        test.machine.bindUDP(5354, as: dns)
        let other = try await test.allocate("a/main/dns", port: 5354, adopt: true, root: "/a")
        #expect(other.warnings == ["dnsmasq (pid 50) listens on port 5354 in /dns, not in /a"])
    }

    // MARK: Groups

    @Test func groupLeavesOutNumbersWithAUDPSocket() async throws {
        test.machine.bindUDP(3001)
        let block = try await group("a", contiguous: true)
        #expect(block.allocations.map(\.port.number) == [3002, 3003] && block.warnings.isEmpty)
        _ = try await test.registry.release(group: block.id, by: TestRegistry.caller)
        let ports = try await group("b", contiguous: false).allocations.map(\.port.number)
        #expect(ports == [3000, 3002])
    }

    @Test func groupIsGivenNumbersWithAUDPSocketWhenThereAreNoOthers() async throws {
        for port in [3001, 3003] { test.machine.bindUDP(port) }
        let group = try await group("a", contiguous: true)
        #expect(group.allocations.map(\.port.number) == [3000, 3001])
        #expect(group.warnings == ["UDP port 3001 is used by other processes"])
    }

    @Test func groupGetsItsLastBlockBackWithoutAWarning() async throws {
        let first = try await group("a", contiguous: true)
        _ = try await test.registry.release(group: first.id, by: TestRegistry.caller)
        test.machine.bindUDP(3001)
        let again = try await group("a", contiguous: true)
        #expect(again.allocations.map(\.port.number) == [3000, 3001] && again.warnings.isEmpty)
    }

    private func group(_ app: String, contiguous: Bool) async throws -> PortGroup {
        var request = try GroupRequest(count: 2, roles: ["web", "api"], app: app, instance: "main")
        request.isContiguous = contiguous
        return try await test.registry.allocate(request, by: TestRegistry.caller)
    }

    // MARK: Lingering

    @Test func allocationLingersWhileItsServiceUsesUDP() async throws {
        test.machine.bindUDP(3000, as: dns)
        try await lease("dns/main/dns", in: "/dns")
        test.machine.advance(bySeconds: 11)
        #expect(try await test.heldPort("dns/main/dns") == 3000)
        let listed = try await test.registry.allocations(matching: AllocationFilter())
        #expect(await test.registry.reports(on: listed).map(\.state) == [.lingering])
        let again = try await test.allocate("dns/main/dns", ensure: true)
        #expect(again.outcome == .existing && again.allocation.port == Port(3000))
        try await test.release("dns/main/dns")
        test.machine.freeUDP(3000)
        try await lease("dns/main/dns", in: "/dns")
        test.machine.advance(bySeconds: 11)
        #expect(try await test.heldPort("dns/main/dns") == nil)
    }

    @Test func allocationDoesNotLingerForAnotherServicesUDPSocket() async throws {
        try await lease("a/main/web", in: "/a")
        test.machine.bindUDP(3000, as: dns)
        test.machine.advance(bySeconds: 11)
        #expect(try await test.heldPort("a/main/web") == nil)
    }

    @Test func allocationLingersWhileAnUnknownProcessUsesItsUDPPort() async throws {
        try await lease("a/main/web", in: "/a")
        test.machine.bindUDP(3000)
        test.machine.advance(bySeconds: 11)
        #expect(try await test.heldPort("a/main/web") == 3000)
    }

    private func lease(_ path: String, in directory: String) async throws {
        try await test.request(path) { request in
            request.port = Port(3000)
            request.hold = .ttl(10)
            request.project = Project.Directories(root: directory, directory: directory)
        }
    }

    // MARK: The listing

    @Test func udpSocketIsReportedWithProjectAndAllocationWhoseStateIsThatOfTCP() async throws {
        try await test.allocate("dns/main/dns", port: 5353, root: "/dns")
        test.machine.bindUDP(5353, as: dns)
        let reports = try await test.registry.udpSockets(on: [Port(5353)!])
        #expect(reports.map(\.listener.transport) == [.udp] && reports[0].project?.app == "dns")
        #expect(reports[0].allocation?.state == .reserved && reports[0].allocation?.occupiers == [])
        #expect(try await test.registry.listeners(on: [Port(5353)!]).isEmpty)
        #expect(try await test.registry.udpSockets(on: [Port(5354)!]).isEmpty)
    }
}
