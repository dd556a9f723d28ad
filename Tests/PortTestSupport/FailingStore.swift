import PortModel
package import PortRegistry
import Synchronization

/// A store whose reads fail when a test wants it.
package final class FailingStore: RegistryStore {
    private let inner: any RegistryStore
    private let fails = Atomic(false)

    package init(_ inner: any RegistryStore) { self.inner = inner }

    /// Makes all later reads fail, or succeed again.
    package func failReads(_ fails: Bool) { self.fails.store(fails, ordering: .releasing) }

    package func externalRevision() throws -> Int64 { try inner.externalRevision() }

    package func write<Value>(_ body: (any RegistryTransaction) throws -> Value) throws -> Value {
        try inner.write(body)
    }

    package func read<Value: Sendable>(
        _ body: @escaping @Sendable (any RegistryReading) throws -> Value
    ) async throws -> Value {
        if fails.load(ordering: .acquiring) { throw RegistryError(.storageFailed, "the disk is gone") }
        return try await inner.read(body)
    }
}
