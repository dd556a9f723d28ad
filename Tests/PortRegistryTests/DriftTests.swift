import PortModel
import PortTestSupport
import Testing

@testable import PortRegistry

/// A service that listens on another port than its own.
@Suite struct DriftTests {
    private let test = try! TestRegistry()

    /// A service of the process with pid 10, whose port is 3000.
    private func service() async throws -> (ConflictDetector, Allocation) {
        test.machine.start(10)
        let allocation = try await test.request("shop/main/web") {
            $0.hold = .process(pid: 10, grace: 0, ttl: nil)
            $0.project = Project.Directories(root: "/shop", directory: "/shop")
        }.allocation
        return (await ConflictDetector(registry: test.registry), allocation)
    }

    private func server(_ pid: Int32 = 77, below ancestors: [Int32] = [10]) -> Occupier {
        test.machine.start(pid)
        return test.machine.occupier(pid, in: "/shop", below: ancestors)
    }

    private func drifts() async throws -> [String] {
        try await test.registry.journal(limit: 100).filter { $0.action == .drifted }.map { $0.reason ?? "" }
    }

    /// Inspects twice, with the time between that makes a candidate a drift.
    private func inspect(_ detector: inout ConflictDetector) async throws {
        _ = try await detector.inspect(test.changeToken())
        test.machine.advance(bySeconds: Double(Drift.delay))
        _ = try await detector.inspect(test.changeToken())
    }

    @Test func serverOnAnotherPortIsADriftAfterThreeSeconds() async throws {
        var (detector, allocation) = try await service()
        test.machine.listen(5173, as: server())
        _ = try await detector.inspect(test.changeToken())
        #expect(detector.nextInspection == test.machine.uptime().advanced(bySeconds: 3))
        test.machine.advance(bySeconds: 2.9)
        _ = try await detector.inspect(test.changeToken())
        #expect(try await drifts() == [])
        test.machine.advance(bySeconds: 0.1)
        _ = try await detector.inspect(test.changeToken())
        #expect(try await drifts().first?.hasPrefix("node (pid 77) listens on port 5173 instead") == true)
        #expect(detector.nextInspection == nil)
        let report = try #require(await test.registry.reports(on: [allocation]).first)
        #expect(report.actualPort == Port(5173) && report.verdict.verdict == .mine && report.state == .active)
        let listener = try await test.registry.listeners(on: [Port(5173)!]).first
        #expect(listener?.allocation?.allocation.id == allocation.id)
        _ = try await detector.inspect(test.changeToken())
        #expect(try await drifts().count == 1)
    }

    @Test func driftEndsWithItsSocket() async throws {
        var (detector, allocation) = try await service()
        test.machine.listen(5173, as: server())
        try await inspect(&detector)
        #expect(test.registry.actualPort(of: allocation) == Port(5173))
        test.machine.free(5173)
        #expect(await test.registry.reports(on: [allocation]).first?.actualPort == nil)
        _ = try await detector.inspect(test.changeToken())
        #expect(test.registry.actualPort(of: allocation) == nil)
    }

    @Test func listenerOnTheOwnPortIsNoDrift() async throws {
        var (detector, allocation) = try await service()
        test.machine.listen(3000, as: server())
        test.machine.listen(5173, as: server(78))
        try await inspect(&detector)
        #expect(test.registry.actualPort(of: allocation) == nil)
    }

    @Test func twoOtherPortsAreNoDrift() async throws {
        var (detector, allocation) = try await service()
        test.machine.listen(5173, as: server())
        test.machine.listen(5174, as: server(78))
        try await inspect(&detector)
        #expect(test.registry.actualPort(of: allocation) == nil)
    }

    @Test(arguments: [9229, 40_000]) func portOfADebuggerAndAnEphemeralOneAreNoDrift(_ port: Int) async throws {
        var (detector, allocation) = try await service()
        test.machine.listen(port, as: server())
        try await inspect(&detector)
        #expect(test.registry.actualPort(of: allocation) == nil)
    }

    @Test func portOfAnotherServiceIsNoDrift() async throws {
        var (detector, allocation) = try await service()
        try await test.allocate("shop/main/api", port: 3005)
        test.machine.listen(3005, as: server())
        try await inspect(&detector)
        #expect(test.registry.actualPort(of: allocation) == nil)
    }

    @Test func processInAnotherCheckoutIsNoDrift() async throws {
        var (detector, allocation) = try await service()
        var other = server()
        other.place = .test("/other", checkout: "/other")
        test.machine.listen(5173, as: other)
        try await inspect(&detector)
        #expect(test.registry.actualPort(of: allocation) == nil)
    }

    @Test func processOfNobodyIsNoDrift() async throws {
        var (detector, allocation) = try await service()
        test.machine.listen(5173, as: server(below: [5]))
        try await inspect(&detector)
        #expect(test.registry.actualPort(of: allocation) == nil)
    }

    @Test func processThatHasLeftTheServiceMeanwhileIsNoDrift() async throws {
        var (detector, allocation) = try await service()
        test.machine.listen(5173, as: server())
        _ = try await detector.inspect(test.changeToken())
        // The same socket, in the hands of a process that descends from nobody of the service.
        test.machine.free(5173)
        test.machine.listen(5173, as: server(below: [5]))
        test.machine.advance(bySeconds: Double(Drift.delay))
        _ = try await detector.inspect(test.changeToken())
        #expect(test.registry.actualPort(of: allocation) == nil)
        #expect(try await drifts() == [])
    }

    @Test func ownerOfSeveralServicesDriftsWithNone() async throws {
        var (detector, allocation) = try await service()
        try await test.request("shop/main/api") { $0.hold = .process(pid: 10, grace: 0, ttl: nil) }
        test.machine.listen(5173, as: server())
        try await inspect(&detector)
        #expect(test.registry.actualPort(of: allocation) == nil)
    }

    /// A process that changes its user while its socket is new, as the system shows it.
    @Test func serverThatIsHiddenAtFirstDrifts() async throws {
        var (detector, allocation) = try await service()
        test.machine.listen(5173)
        _ = try await detector.inspect(test.changeToken())
        let second = test.machine.uptime().advanced(byMilliseconds: 250)
        #expect(detector.nextInspection == second)
        test.machine.show(5173, as: server())
        _ = try await detector.inspect(test.changeToken())
        #expect(detector.nextInspection == second, "nothing is read before")
        test.machine.advance(bySeconds: 0.25)
        try await inspect(&detector)
        #expect(test.registry.actualPort(of: allocation) == Port(5173))
    }

    @Test func serverThatStaysHiddenIsReadAFewTimes() async throws {
        var (detector, _) = try await service()
        test.machine.listen(5173)
        var pauses: [Int64] = []
        _ = try await detector.inspect(test.changeToken())
        while let next = detector.nextInspection, pauses.count < 100 {
            let pause = next.milliseconds - test.machine.uptime().milliseconds
            pauses.append(pause)
            test.machine.advance(bySeconds: Double(pause) / 1000)
            _ = try await detector.inspect(test.changeToken())
        }
        #expect(pauses == [250, 500, 1000, 2000, 4000])
    }

    @Test func portOfTheUsualEphemeralRangeIsNoDriftWhereTheSystemReportsNone() async throws {
        var (detector, allocation) = try await service()
        test.machine.setEphemeralRange(nil)
        test.machine.listen(50_000, as: server())
        try await inspect(&detector)
        #expect(test.registry.actualPort(of: allocation) == nil)
        test.machine.free(50_000)
        test.machine.listen(40_000, as: server())
        try await inspect(&detector)
        #expect(test.registry.actualPort(of: allocation) == Port(40_000))
    }

    @Test(arguments: [true, false]) func socketThatTwoServicesShareIsNoDrift(_ isFirst: Bool) async throws {
        var (detector, allocation) = try await service()
        test.machine.start(11)
        try await test.request("shop/main/api") { $0.hold = .process(pid: 11, grace: 0, ttl: nil) }
        let servers = [server(), server(78, below: [11])]
        test.machine.listen(5173, as: isFirst ? servers[0] : servers[1], isFirst ? servers[1] : servers[0])
        try await inspect(&detector)
        #expect(test.registry.actualPort(of: allocation) == nil)
    }

    @Test func socketThatAProcessOfTheServiceSharesWithItsChildIsADrift() async throws {
        var (detector, allocation) = try await service()
        test.machine.listen(5173, as: server(), server(78, below: [77, 10]))
        try await inspect(&detector)
        #expect(test.registry.actualPort(of: allocation) == Port(5173))
    }

    @Test(arguments: [
        ("node --inspect=0.0.0.0:4000 app.js", true), ("node --inspect 4000", true),
        ("java -agentlib:jdwp=transport=dt_socket,server=y,address=*:4000", true),
        ("python3 -m debugpy --listen 4000 app.py --port 5000", true), ("dlv debug --headless --listen=:4000", true),
        ("rdbg --open --port 4000 -- ruby app.rb", true), ("chrome --remote-debugging-port=4000", true),
        ("node app.js --port 4000", false), ("node --inspect=4001 app.js", false),
        ("python3 -m debugpy --listen 5000 app.py --port 4000", false),
        ("node inspect-server.js 4000", false), ("/srv/inspector/bin/serve 4000", false),
        ("python3 dlv.py 4000", false), ("app --no-debug 4000", false),
    ])
    func debuggerIsRecognizedByItsOption(_ command: String, _ expected: Bool) {
        #expect(DebuggerPort.isOne(Port(4000)!, of: process(command)) == expected)
    }

    @Test(arguments: [
        ("node app.js", 9230, true), ("python3 app.py", 5678, true), ("java -jar app.jar", 5005, true),
        ("ruby app.rb", 12345, true), ("n8n", 5678, false), ("node app.js", 5678, false), ("vite", 12345, false),
        ("python3 app.py", 9229, false),
    ])
    func usualPortOfADebuggerIsThatOfItsProgramsOnly(_ command: String, _ port: Int, _ expected: Bool) {
        #expect(DebuggerPort.isOne(Port(port)!, of: process(command)) == expected)
    }

    private func process(_ command: String) -> Occupier {
        let words = command.split(separator: " ").map(String.init)
        return Occupier(pid: 7, startTime: 1, name: words[0], commandLine: words, directory: nil, ancestors: [])
    }
}
