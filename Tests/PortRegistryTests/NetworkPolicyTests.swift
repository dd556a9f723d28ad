import PortModel
import PortRegistry
import PortTestSupport
import Testing

/// A registry sees the listeners of one network namespace, and says so to callers from another one.
@Suite struct NetworkPolicyTests {
    private let test = try! TestRegistry()
    private let here = NetworkNamespace(inode: 1)
    private let elsewhere = CallerNetwork.other(NetworkNamespace(inode: 2))

    @Test(
        arguments: [
            (CallerNetwork.other(NetworkNamespace(inode: 2)), true, true, true),
            (.other(nil), true, true, true),
            // Somebody else lives there.
            (.other(NetworkNamespace(inode: 2)), true, false, false),
            // Nobody knows who lives there.
            (.other(NetworkNamespace(inode: 2)), true, nil, false),
            // The caller starts no other daemon.
            (.other(NetworkNamespace(inode: 2)), false, true, false),
            (.own, true, true, false),
            (.unknown, true, true, false),
        ] as [(CallerNetwork, Bool, Bool?, Bool)]
    )
    func daemonEndsOnlyForACallerElsewhereThatStartsOneAndIfNobodyElseLivesInItsNamespace(
        _ caller: CallerNetwork,
        _ canStart: Bool,
        _ isAlone: Bool?,
        _ expected: Bool
    ) async {
        #expect(await NetworkPolicy.givesWay(to: caller, startingItsOwn: canStart, isAlone: { isAlone }) == expected)
    }

    @Test func processesAreReadOnlyForACallerFromElsewhere() async {
        for caller in [CallerNetwork.own, .unknown] {
            let isDue = await NetworkPolicy.givesWay(to: caller, startingItsOwn: true) {
                Issue.record("every request would read all processes")
                return true
            }
            #expect(!isDue)
        }
    }

    @Test func callerIsComparedOnlyWhenBothNamespacesAreKnown() {
        #expect(CallerNetwork(here, registry: here) == .own)
        #expect(CallerNetwork(NetworkNamespace(inode: 2), registry: here) == elsewhere)
        #expect(CallerNetwork(nil, registry: here) == .unknown)
        #expect(CallerNetwork(here, registry: nil) == .unknown)
    }

    @Test func namespaceIsParsedOnlyInTheFormOfTheKernel() {
        #expect(NetworkNamespace("net:[4026531840]")?.inode == 4_026_531_840)
        for text in ["", "4026531840", "net:[]", "net:[-1]", "pid:[1]", "net:[1"] {
            #expect(NetworkNamespace(text) == nil, "\(text)")
        }
    }

    private func caller(_ network: CallerNetwork) -> Caller {
        Caller(face: .registry, name: "test", network: network)
    }

    private func allocate(_ path: String, port: Int? = nil, from network: CallerNetwork) async throws -> Grant {
        var request = AllocationRequest(identity: try ServiceIdentity(path: path)!)
        request.port = port.flatMap { Port($0) }
        request.whenAllocated = .share
        return try await test.registry.allocate(request, by: caller(network))
    }

    @Test func portGrantedToAnotherNamespaceSaysWhereItWasChecked() async throws {
        test.machine.live(in: LocalNetwork(namespace: here))
        let expected = """
            port-server runs in network namespace net:[1], this request comes from net:[2]: ports are checked there, \
            not here (a port-server for this namespace alone needs a PORT_SERVER_HOME of its own)
            """
        #expect(try await allocate("a/b/c", from: elsewhere).warnings == [expected])
        // Also when it is granted again.
        #expect(try await allocate("a/b/c", from: elsewhere).warnings == [expected])
        for network in [CallerNetwork.own, .unknown] {
            #expect(try await allocate("a/b/c", from: network).warnings == [])
        }
        let group = try GroupRequest(count: 1, roles: ["d"], app: "a", instance: "b")
        #expect(try await test.registry.allocate(group, by: caller(elsewhere)).warnings == [expected])
    }

    @Test func registryInASandboxIsMovedByARestart() async throws {
        test.machine.live(in: LocalNetwork(namespace: here, isSandbox: true))
        let warning = try await allocate("a/b/c", from: elsewhere).warnings[0]
        #expect(warning.hasSuffix("(a restart of the daemon moves it)"))
    }

    @Test func busyPortIsRefusedWithTheNamespaceThatItIsBusyIn() async throws {
        test.machine.live(in: LocalNetwork(namespace: here))
        test.machine.occupy(3000)
        let refusal = await test.refusal { _ = try await allocate("a/b/c", port: 3000, from: elsewhere) }
        #expect(refusal?.code == .portInUse && refusal?.message == "port in use on system")
        #expect(refusal?.hint?.contains("ports are checked there, not here") == true)
        let own = await test.refusal { _ = try await allocate("a/b/c", port: 3000, from: .own) }
        #expect(own?.hint?.contains("namespace") == false)
    }

    @Test func killFromAnotherNamespaceIsRefusedBeforeAnySignal() async throws {
        test.machine.live(in: LocalNetwork(namespace: here))
        test.machine.listen(3000, as: Occupier(pid: 50, startTime: 1, name: "node", directory: "/shop", ancestors: []))
        let caller = caller(elsewhere)
        let kill = await test.refusal {
            _ = try await test.registry.kill(port: Port(3000)!, pid: nil, force: true, by: caller)
        }
        #expect(kill?.code == .otherNamespace)
        #expect(kill?.message.contains("net:[1]") == true && kill?.message.contains("net:[2]") == true)
        var request = AllocationRequest(identity: try ServiceIdentity(path: "a/b/c")!)
        request.port = Port(3000)
        let reservation = await test.refusal {
            _ = try await test.registry.reserve(request, killIfOccupied: true, pid: 50, force: true, by: caller)
        }
        #expect(reservation?.code == .otherNamespace)
        #expect(test.machine.signals.isEmpty)
    }
}
