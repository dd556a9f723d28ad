import PortModel

/// The durable store of allocations. Its schema enforces that a port, and a replica of an identity, has at most one
/// allocation.
package protocol RegistryStore: Sendable {
    /// Runs `body` in one transaction, on the calling thread. The transaction has the write lock from its start. When
    /// this returns, the changes survive a power cut; when it throws, no change was made. Throws the ``RegistryError``
    /// that `body` throws, else `storage_failed`.
    func write<Value>(_ body: (any RegistryTransaction) throws -> Value) throws -> Value

    /// Returns a number that differs after each commit of another process. Waits for a transaction of this one that is
    /// under way. Throws `storage_failed`.
    func externalRevision() throws -> Int64

    /// Runs `body` on a consistent snapshot of the committed state. Throws the ``RegistryError`` that `body`
    /// throws, else `storage_failed`.
    func read<Value: Sendable>(_ body: @escaping @Sendable (any RegistryReading) throws -> Value) async throws -> Value
}
