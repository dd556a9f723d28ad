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
        #expect(refusal?.hint?.contains("--force") == true)
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
        let target = try test.registry.target(on: Port(3000)!, pid: nil)
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
        #expect(error?.code == .protectedProcess && error?.hint?.contains("systemctl --user list-sockets") == true)
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
        #expect(test.registry.reports(on: [kept]).map(\.state) == [.active])
        #expect(try await test.registry.diagnosis().listenersFault?.code == .systemUnavailable)
    }
}
