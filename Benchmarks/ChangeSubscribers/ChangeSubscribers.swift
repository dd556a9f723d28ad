import Foundation
import PortModel
import PortRegistry
import PortStore
import PortTestSupport

/// Measures 5,000 allocations of eight clients beside 100 subscribers of the process that never read and one that does,
/// in turns with the same without subscribers. Prints JSON: the ratios of the times, and the events that the reading
/// subscriber lost. Usage: change-subscribers DIRECTORY, for the databases.
@main
enum ChangeSubscribers {
    private static let count = 5000
    private static let turns = 5

    static func main() async throws {
        let directory = CommandLine.arguments[1]
        var (ratios, lost): ([Double], Int) = ([], 0)
        for turn in 0..<turns {
            let alone = try await seconds("\(directory)/alone-\(turn).db", subscribers: 0).seconds
            let watched = try await seconds("\(directory)/watched-\(turn).db", subscribers: 100)
            ratios.append(watched.seconds / alone)
            lost += watched.lost
        }
        let result = ["ratios": ratios, "lost": [Double(lost)]]
        print(String(decoding: try JSONEncoder().encode(result), as: UTF8.self))
    }

    /// Returns how long the allocations took, and how many of them the reading subscriber did not see.
    private static func seconds(_ path: String, subscribers: Int) async throws -> (seconds: Double, lost: Int) {
        let registry = Registry(
            store: try SQLiteStore(path: path),
            machine: FakeMachine(),
            settings: RegistrySettings(pools: [.registry: PortPool("10000-19999")!])
        )
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await registry.runChangeFeed { print("the journal cannot be read: \($0)") } }
            defer { registry.stopChangeFeed() }
            var stalled: [Changes] = []
            for _ in 0..<subscribers { stalled.append(try await registry.changes()) }
            let reader = subscribers > 0 ? try await registry.changes() : nil
            let seen = Task { try await events(of: reader) }
            let clock = ContinuousClock()
            let time = try await clock.measure { try await allocate(at: registry) }
            let (seconds, attoseconds) = time.components
            let lost = reader == nil ? 0 : count - (try await seen.value)
            withExtendedLifetime(stalled) {}
            return (Double(seconds) + Double(attoseconds) * 1e-18, lost)
        }
    }

    private static func allocate(at registry: Registry) async throws {
        try await withThrowingTaskGroup(of: Void.self) { clients in
            for client in 0..<8 {
                clients.addTask {
                    for number in stride(from: client, to: count, by: 8) {
                        let identity = try ServiceIdentity(path: "bench/main/s\(number)")!
                        let caller = Caller(face: .registry, name: "bench")
                        _ = try await registry.allocate(AllocationRequest(identity: identity), by: caller)
                    }
                }
            }
            try await clients.waitForAll()
        }
    }

    /// Returns how many allocations the changes had, up to the last one or a reset.
    private static func events(of changes: Changes?) async throws -> Int {
        guard let changes else { return 0 }
        var seen = 0
        for await change in changes {
            guard case .event = change else { return seen }
            seen += 1
            if seen == count { return seen }
        }
        return seen
    }
}
