import Foundation
import Logging
import PortHTTP
import PortModel
import PortSystem
import PortTestSupport
import ServiceLifecycle
import Testing

@testable import PortDaemon

/// The daemon without its process: the same pieces, in the same order.
@Suite struct CompositionTests {
    /// Records when it starts and ends.
    private struct Recorder: Service {
        let name: String
        let record: WatchedValue<[String]>

        func run() async throws {
            record.withLock { $0.append("\(name) starts") }
            try? await gracefulShutdown()
            record.withLock { $0.append("\(name) ends") }
        }
    }

    private struct Failing: Service {
        struct Failure: Error {}

        let record: WatchedValue<[String]>

        func run() async throws {
            try await record.wait { $0.count == 2 }
            throw Failure()
        }
    }

    private let directory: TemporaryDirectory
    private let daemon: Daemon

    init() throws {
        directory = try TemporaryDirectory(in: "/tmp")
        daemon = try Self.daemon(in: directory)
    }

    private static func daemon(in directory: TemporaryDirectory, database: String? = nil) throws -> Daemon {
        let home = HomeDirectory(path: directory.root)
        let flags = DaemonSettings.Flags(
            port: nil,
            listen: ["127.0.0.1:0"],
            database: database,
            pidFile: nil,
            logLevel: "critical",
            legacyPorts: false
        )
        return Daemon(home: home, settings: try DaemonSettings.read(home: home, flags: flags))
    }

    private func pieces() async throws -> (Daemon.Rules, Daemon.Server, Daemon.Database) {
        let database = try daemon.openDatabase()
        let rules = try daemon.rules(over: database.store)
        return (rules, try daemon.server(for: rules.registry, over: database), database)
    }

    /// Addresses wait for their connections, and the streams among these end with the streams' service. A change feed
    /// that ends first would leave services waiting.
    @Test func streamsAreShutDownBeforeAddressesAndTheChangeFeedLast() async throws {
        let (rules, server, _) = try await pieces()
        let names = daemon.services(rules, server).map { "\($0)" }
        #expect(names.first == "ChangeFeedService" && names.last == "EventStreams")
        #expect(names.filter { $0 == "AddressService" }.count == 2)
        #expect(
            Set(names).isSuperset(of: ["HoldExpiryService", "ConflictMonitor", "PollingLoop", "NetworkSuccession"])
        )
    }

    @Test func failingServiceShutsTheOthersDownAndIsReported() async throws {
        let record = WatchedValue<[String]>([])
        let services: [any Service] = [
            Recorder(name: "first", record: record), Recorder(name: "second", record: record), Failing(record: record),
        ]
        await #expect(throws: Failing.Failure.self) { try await daemon.group(of: services).run() }
        #expect(record.current.suffix(2) == ["second ends", "first ends"])
    }

    @Test func linkInPlaceOfTheDatabaseIsRefused() throws {
        try FileManager.default.createSymbolicLink(
            atPath: directory.path("ports.db"),
            withDestinationPath: directory.path("elsewhere.db")
        )
        let error = #expect(throws: RegistryError.self) { try daemon.openDatabase() }
        #expect(error?.code == .insecurePath)
        #expect(!FileManager.default.fileExists(atPath: directory.path("elsewhere.db")))
    }

    @Test func damagedDatabaseIsReportedOnce() throws {
        try directory.write(String(repeating: "not a database\n", count: 100), to: "ports.db")
        #expect(try daemon.openDatabase().recovery?.contains("damaged") == true)
        #expect(try Self.daemon(in: directory).openDatabase().recovery == nil)
    }
}
