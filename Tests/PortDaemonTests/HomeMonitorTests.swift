import Foundation
import Logging
import PortSystem
import PortTestSupport
import Testing

@testable import PortDaemon

@Suite struct HomeMonitorTests {
    private let directory: TemporaryDirectory
    private let home: HomeDirectory
    private let ends = WatchedValue(0)
    private let monitor: HomeMonitor
    private let start = ContinuousClock.now

    init() throws {
        directory = try TemporaryDirectory()
        home = HomeDirectory(path: try directory.makeDirectory("home"))
        monitor = HomeMonitor(home: home, logger: .silent) { [ends] in ends.withLock { $0 += 1 } }
    }

    private func check(after milliseconds: Int) -> Int {
        monitor.check(at: start + .milliseconds(milliseconds))
        return ends.current
    }

    @Test func daemonEndsWhenItsHomeIsGoneForASecond() throws {
        #expect(check(after: 0) == 0)
        try FileManager.default.moveItem(atPath: home.path, toPath: directory.path("moved"))
        #expect(check(after: 100) == 0)
        #expect(check(after: 1099) == 0)
        #expect(check(after: 1100) == 1)
    }

    @Test func homeThatIsBackInTimeIsKept() throws {
        try FileManager.default.moveItem(atPath: home.path, toPath: directory.path("moved"))
        #expect(check(after: 100) == 0)
        try FileManager.default.moveItem(atPath: directory.path("moved"), toPath: home.path)
        #expect(check(after: 900) == 0)
        // The second counts from when it is missing again.
        try FileManager.default.removeItem(atPath: home.path)
        #expect(check(after: 1200) == 0)
        #expect(check(after: 2200) == 1)
    }

    @Test func anotherDirectoryInItsPlaceIsNotTheHome() throws {
        try FileManager.default.moveItem(atPath: home.path, toPath: directory.path("moved"))
        try directory.makeDirectory("home")
        #expect(check(after: 0) == 0)
        #expect(check(after: 1000) == 1)
    }
}
