import PortModel
import PortRegistry
import PortStore
import PortTestSupport
import Synchronization

/// A store that counts transactions and blocks the first one until it is released.
final class CountingStore: RegistryStore {
    private let inner: SQLiteStore
    private let count = WatchedValue(0)
    private let gate = Gate()
    private let isLocked = Atomic(false)

    init(_ inner: SQLiteStore) { self.inner = inner }

    /// The number of transactions that were begun.
    var transactions: Int { count.current }

    /// Waits until the first transaction was begun.
    func waitForFirstTransaction() async throws { try await count.wait { $0 > 0 } }

    /// Lets the first transaction run.
    func release() { gate.open() }

    /// Makes all later transactions fail as those of a locked database do.
    func lock() { isLocked.store(true, ordering: .relaxed) }

    func revision() throws -> Int64 { try inner.revision() }

    func write<Value>(_ body: (any RegistryTransaction) throws -> Value) throws -> Value {
        let number = count.withLock { count in
            count += 1
            return count
        }
        if number == 1 { gate.wait() }
        if isLocked.load(ordering: .relaxed) { throw RegistryError(.storageFailed, "database is locked") }
        return try inner.write(body)
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any RegistryReading) throws -> Value
    ) async throws -> Value {
        try await inner.read(body)
    }
}
