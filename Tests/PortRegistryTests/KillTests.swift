import PortModel
import PortRegistry
import PortTestSupport
import Testing

/// A kill hits the verified listener of the port, and nothing else.
@Suite struct KillTests {
    private let test = try! TestRegistry()

    private func process(_ pid: Int32, below ancestors: [Int32] = []) -> Occupier {
        Occupier(pid: pid, startTime: 1, name: "node", directory: "/shop", ancestors: ancestors)
    }

    private func kill(_ port: Int, pid: Int32? = nil, force: Bool = false) async throws -> Kill {
        try await test.registry.kill(port: Port(port)!, pid: pid, force: force, by: TestRegistry.caller)
    }

    @Test func onlyOccupierReceivesSIGTERMAndThePortCloses() async throws {
        test.machine.listen(3000, as: process(50))
        let kill = try await kill(3000)
        #expect(kill.target.pid == 50 && !kill.wasForced)
        #expect(test.machine.signals == ["SIGTERM 50"])
        let entry = try #require(try await test.registry.journal(about: Port(3000)!, limit: 1).first)
        #expect(entry.action == .killed && entry.reason == "node (pid 50) by SIGTERM")
    }

    @Test func killIsRecordedWithItsServiceAndBeforeTheExpiryThatItCauses() async throws {
        test.machine.start(50)
        try await test.request("shop/main/web", as: .leases) { $0.hold = .process(pid: 50, grace: 0, ttl: nil) }
        test.machine.listen(8000, as: process(50))
        _ = try await kill(8000)
        _ = try await test.registry.expireHolds()
        let journal = try await test.registry.journal(about: Port(8000)!, limit: 10)
        #expect(journal.map(\.action) == [.expired, .ownerExited, .killed, .allocated])
        #expect(journal[2].identity?.description == "shop/main/web")
    }

    @Test func failedKillIsRecordedWithItsReason() async throws {
        test.machine.listen(3000, as: process(50))
        test.machine.ignoreTermination(50)
        _ = await test.refusal { _ = try await kill(3000) }
        let journal = try await test.registry.journal(about: Port(3000)!, limit: 10)
        #expect(journal.map(\.action) == [.refused, .killed])
        #expect(journal[0].reason == "port 3000 is still listened on by node (pid 50)")
    }

    @Test func processThatIgnoresSIGTERMIsKilledOnlyByForce() async throws {
        test.machine.listen(3000, as: process(50))
        test.machine.ignoreTermination(50)
        let refusal = await test.refusal { _ = try await kill(3000) }
        #expect(refusal?.code == .stillListening && refusal?.message.contains("node (pid 50)") == true)
        #expect(refusal?.remedies == [.reason("it ignores SIGTERM"), .force])
        #expect(test.machine.signals == ["SIGTERM 50"])
        #expect(try await kill(3000, force: true).wasForced)
        #expect(test.machine.signals == ["SIGTERM 50", "SIGTERM 50", "SIGKILL 50"])
    }

    @Test func refusedKillsHaveTheirOwnCodesAndSendNoSignal() async throws {
        test.machine.listen(3001)
        test.machine.listen(3002, as: process(50), process(51))
        test.machine.listen(3003, as: process(1))
        test.machine.listen(3004, as: process(999))
        let cases: [(Int, Int32?, RegistryError.Code)] = [
            (3000, nil, .notListening), (3001, nil, .occupierUnknown), (3002, nil, .severalOccupiers),
            (3002, 77, .notTheOccupier), (3003, nil, .protectedProcess), (3004, nil, .protectedProcess),
            (3004, 999, .protectedProcess), (3001, 50, .occupierUnknown),
        ]
        for (port, pid, code) in cases {
            let refusal = await test.refusal { _ = try await kill(port, pid: pid, force: true) }
            #expect(refusal?.code == code, "\(port)")
        }
        #expect(test.machine.signals.isEmpty)
    }

    private func kill(_ port: Int, requestedBy pid: Int32, others: [Int32] = []) async throws -> Kill {
        var caller = Caller(face: .registry, name: "test", pid: others.isEmpty ? pid : nil)
        caller.otherPIDs = others
        return try await test.registry.kill(port: Port(port)!, pid: nil, force: true, by: caller)
    }

    @Test func ancestorOfTheCallerIsProtected() async throws {
        test.machine.listen(3000, as: process(50))
        test.machine.setParent(of: 70, 60)
        test.machine.setParent(of: 60, 50)
        for others: [Int32] in [[], [90, 70]] {
            let refusal = await test.refusal { _ = try await kill(3000, requestedBy: 70, others: others) }
            #expect(refusal?.code == .protectedProcess && refusal?.message.contains("node (pid 50)") == true)
            #expect(refusal?.remedies.last == .kill(Port(3000)!, pid: nil))
        }
        let refusal = await test.refusal { _ = try await kill(3000, requestedBy: 50) }
        #expect(refusal?.code == .protectedProcess)
        #expect(test.machine.signals.isEmpty)
        #expect(try await kill(3000, requestedBy: 71).target.pid == 50)
    }

    @Test func otherPortsOfTheProcessAreNamed() async throws {
        for port in [3000, 3100, 3050] { test.machine.listen(port, as: process(50)) }
        test.machine.listen(3200, as: process(51))
        let candidate = try await test.registry.target(on: Port(3050)!, pid: nil, by: TestRegistry.caller)
        #expect(candidate.otherPorts.map(\.number) == [3000, 3100])
        #expect(try await kill(3050).otherPorts.map(\.number) == [3000, 3100])
        let entry = try #require(try await test.registry.journal(about: Port(3050)!, limit: 1).first)
        #expect(entry.reason == "node (pid 50) by SIGTERM; it listened on 3000 and 3100, too")
    }

    @Test func stoppedProcessIsNotSaidToIgnoreSIGTERM() async throws {
        var stopped = process(50)
        stopped.isStopped = true
        test.machine.listen(3000, as: stopped)
        test.machine.ignoreTermination(50)
        let refusal = await test.refusal { _ = try await kill(3000) }
        #expect(refusal?.hint == "it is stopped: kill -CONT 50 lets it end; force uses SIGKILL")
    }

    /// A supervisor, and a process below it.
    private func supervised(_ pid: Int32, isBystander: Bool = false) -> Occupier {
        var child = process(pid, below: [40])
        child.parent = ParentProcess(pid: 40, startTime: 1, name: "sh", isBystander: isBystander)
        return child
    }

    @Test func parentThatMayRestartTheProcessIsNamed() async throws {
        test.machine.start(40)
        test.machine.listen(3000, as: supervised(50))
        #expect(try await kill(3000).survivingParent?.pid == 40)
        // The shell of a terminal starts nothing by itself, and a wrapper ends with its command.
        test.machine.listen(3000, as: supervised(51, isBystander: true))
        #expect(try await kill(3000).survivingParent == nil)
        test.machine.listen(3000, as: supervised(52))
        test.machine.end(40)
        #expect(try await kill(3000).survivingParent == nil)
    }

    @Test func parentThatHasRestartedTheProcessIsNamed() async throws {
        test.machine.start(40)
        test.machine.listen(3000, as: supervised(50))
        test.machine.listen(3000, as: supervised(51))
        let refusal = await test.refusal { _ = try await kill(3000, pid: 50) }
        #expect(refusal?.code == .stillListening)
        #expect(refusal?.message.hasSuffix("by node (pid 51), which sh (pid 40) has started since") == true)
        #expect(refusal?.hint == "end sh (pid 40) first: kill 40")
    }

    struct Forwarding: Sendable {
        let name: String
        let program: String
        var ancestors: [Int32] = [40]
        let remedy: Remedy
    }

    private static let port = Port(3000)!

    static let forwarding = [
        Forwarding(
            name: "docker-proxy",
            program: "/usr/bin/docker-proxy",
            remedy: .stopContainer(port, engine: .docker)
        ),
        Forwarding(name: "exe", program: "/usr/bin/rootlesskit", remedy: .stopContainer(port, engine: .docker)),
        Forwarding(
            name: "com.docker.backe",
            program: "/x/com.docker.backend",
            remedy: .stopContainer(port, engine: .docker)
        ),
        Forwarding(name: "rootlessport", program: "rootlessport", remedy: .stopContainer(port, engine: .podman)),
        Forwarding(name: "exe", program: "rootlessport-child", remedy: .stopContainer(port, engine: .podman)),
        Forwarding(name: "gvproxy", program: "gvproxy", remedy: .stopContainer(port, engine: .podman)),
        Forwarding(name: "slirp4netns", program: "slirp4netns", remedy: .stopContainer(port, engine: .podman)),
        Forwarding(name: "pasta.avx2", program: "/usr/bin/pasta", remedy: .stopContainer(port, engine: .podman)),
        Forwarding(
            name: "containerd-shim",
            program: "/usr/bin/containerd-shim-runc-v2",
            remedy: .stopContainer(port, engine: .runtime)
        ),
        Forwarding(
            name: "ssh",
            program: "ssh",
            remedy: .advice("ps -o args= -p 50 shows which connection; kill 50 ends it, with all it forwards")
        ),
        Forwarding(
            name: "sshd",
            program: "sshd: me@pts/0",
            remedy: .advice("ps -o args= -p 50 shows which session; end it at its client")
        ),
        Forwarding(
            name: "sshd-session",
            program: "sshd-session: me",
            remedy: .advice("ps -o args= -p 50 shows which session; end it at its client")
        ),
        Forwarding(
            name: "kubectl",
            program: "kubectl",
            remedy: .advice("ps -o args= -p 50 shows to what; kill 50 ends it, with all it forwards")
        ),
        Forwarding(name: "systemd", program: "systemd", ancestors: [], remedy: .stopUnit(pid: 50, of: .user)),
    ]

    @Test(arguments: forwarding)
    func processThatForwardsForOthersIsNeverTheTarget(_ how: Forwarding) async throws {
        test.machine.listen(
            3000,
            as: Occupier(
                pid: 50,
                startTime: 1,
                name: how.name,
                commandLine: [how.program],
                directory: "/",
                ancestors: how.ancestors
            )
        )
        let refusal = await test.refusal { _ = try await kill(3000, force: true) }
        #expect(refusal?.code == .protectedProcess)
        #expect(refusal?.remedies == [how.remedy])
        #expect(test.machine.signals.isEmpty)
    }

    @Test func serverWithANameLikeAForwardersIsTheTarget() async throws {
        for name in ["sshx", "docker", "systemd-web", "pastas", "node"] {
            var server = process(50)
            server.name = name
            server.commandLine = ["/usr/bin/\(name)", "ssh"]
            test.machine.listen(3000, as: server)
            #expect(try await kill(3000).target.name == name)
        }
    }

    @Test(arguments: [("/shop", true), ("/shop/api", false), ("/", false), ("/other", false), (nil, false)])
    func onlyAProcessOfTheCallersProjectIsItsOwn(_ directory: String?, _ isOwn: Bool) {
        #expect(KillPolicy.isOwn(projectOfProcess: directory, projectOfCaller: "/shop") == isOwn)
    }

    @Test func processInASubmoduleBelongsToTheSubmodule() async throws {
        var server = process(50)
        (server.directory, server.place) = ("/shop/libs/core", .test("/shop/libs/core", checkout: "/shop"))
        test.machine.listen(3000, as: server)
        for (project, isOwn) in [("/shop", false), ("/shop/libs/core", true)] {
            let caller = TestRegistry.caller
            let candidate = try await test.registry.target(on: Port(3000)!, pid: nil, project: project, by: caller)
            #expect(candidate.isOwn == isOwn, "\(project)")
        }
    }

    @Test func processIsSaidToBeOwnOnlyToACallerThatNamesItsProject() async throws {
        test.machine.listen(3000, as: process(50))
        func isOwn(of project: String?) async throws -> Bool? {
            let caller = TestRegistry.caller
            return try await test.registry.target(on: Port(3000)!, pid: nil, project: project, by: caller).isOwn
        }
        #expect(try await isOwn(of: "/shop") == true)
        #expect(try await isOwn(of: "/other") == false)
        #expect(try await isOwn(of: nil) == nil)
    }

    @Test func processOfAnotherMountNamespaceIsNobodysOwn() async throws {
        test.machine.listen(3000, as: process(50))
        test.machine.moveElsewhere(50)
        let candidate = try await test.registry.target(
            on: Port(3000)!,
            pid: nil,
            project: "/shop",
            by: TestRegistry.caller
        )
        #expect(candidate.isOwn == false)
    }

    @Test func anotherUsersProcessIsProtected() async throws {
        test.machine.startAsAnotherUser(50, 1234)
        test.machine.listen(3000, as: process(50))
        let refusal = await test.refusal { _ = try await kill(3000) }
        #expect(refusal?.code == .protectedProcess && refusal?.message.contains("user id 1234") == true)
    }

    @Test func targetOfAServerWithWorkersIsTheirParent() async throws {
        test.machine.listen(
            3000,
            as: process(51, below: [50, 40]),
            process(50, below: [40]),
            process(52, below: [50, 40])
        )
        let target = try await test.registry.target(on: Port(3000)!, pid: nil, by: TestRegistry.caller).process
        #expect(target.pid == 50)
        // The others have the socket open until they exit, too.
        let refusal = await test.refusal { _ = try await kill(3000) }
        #expect(refusal?.code == .stillListening)
        #expect(refusal?.message.contains("node (pid 51), node (pid 52)") == true)
    }

    @Test func oneOfSeveralOccupiersIsChosenByItsPid() async throws {
        test.machine.listen(3002, as: process(50), process(51))
        let refusal = await test.refusal { _ = try await kill(3002, pid: 51) }
        #expect(refusal?.code == .stillListening && refusal?.message.contains("node (pid 50)") == true)
        #expect(try await kill(3002).target.pid == 50)
    }

    @Test func serviceManagerOfTheUserIsNeverTheTarget() {
        let manager = Occupier(pid: 60, startTime: 1, name: "systemd", directory: "/", ancestors: [])
        let server = Occupier(pid: 61, startTime: 1, name: "node", directory: "/", ancestors: [60])
        let occupancy = Occupancy([.test(3000, by: [manager, server])])
        let error = #expect(throws: RegistryError.self) {
            try KillPolicy.target(on: Port(3000)!, occupancy: occupancy, pid: nil, protected: [:])
        }
        #expect(error?.code == .protectedProcess && error?.remedies == [.stopUnit(pid: 60, of: .user)])
    }

    @Test func withoutTheKernelsAnswerNoPortCountsAsClosed() async throws {
        test.machine.listen(3000, as: Occupier(pid: 50, startTime: 1, name: "node", directory: "/shop", ancestors: []))
        test.machine.makeKernelUnavailable()
        let refusal = await test.refusal {
            _ = try await test.registry.kill(port: Port(3000)!, pid: nil, force: false, by: TestRegistry.caller)
        }
        #expect(refusal?.code == .systemUnavailable)
        #expect(await test.refusal { _ = try await test.registry.listeners(on: nil) }?.code == .systemUnavailable)
        let kept = try await test.allocate("a/main/web", port: 4000).allocation
        test.machine.listen(4000, as: Occupier(pid: 51, startTime: 1, name: "x", directory: "/", ancestors: []))
        #expect(await test.registry.reports(on: [kept]).map(\.state) == [.active])
        #expect(try await test.registry.diagnosis().listenersFault?.code == .systemUnavailable)
    }
}
