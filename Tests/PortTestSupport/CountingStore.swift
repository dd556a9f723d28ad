import PortModel
package import PortRegistry
import Synchronization

/// A store that counts transactions and snapshots, and blocks the first transaction until it is released.
package final class CountingStore: RegistryStore {
    private let inner: any RegistryStore
    private let count = WatchedValue(0)
    private let gate = Gate()
    private let isLocked = Atomic(false)
    private let readCount = Atomic(0)

    package init(_ inner: any RegistryStore) { self.inner = inner }

    /// The number of transactions that were begun.
    package var transactions: Int { count.current }

    /// The number of snapshots that were read.
    package var reads: Int { readCount.load(ordering: .relaxed) }

    /// Waits until the first transaction was begun.
    package func waitForFirstTransaction() async throws { try await count.wait { $0 > 0 } }

    /// Lets the first transaction run.
    package func release() { gate.open() }

    /// Makes all later transactions fail as those of a locked database do.
    package func lock() { isLocked.store(true, ordering: .relaxed) }

    package func externalRevision() throws -> Int64 { try inner.externalRevision() }

    package func write<Value>(_ body: (any RegistryTransaction) throws -> Value) throws -> Value {
        let number = count.withLock { count in
            count += 1
            return count
        }
        if number == 1 { gate.wait() }
        if isLocked.load(ordering: .relaxed) { throw RegistryError(.storageFailed, "database is locked") }
        return try inner.write(body)
    }

    package func read<Value: Sendable>(
        _ body: @escaping @Sendable (any RegistryReading) throws -> Value
    ) async throws -> Value {
        readCount.add(1, ordering: .relaxed)
        return try await inner.read(body)
    }
}
