import PortModel

/// Where allocations live. The schema behind it enforces that no port and no identity's replica has two.
package protocol RegistryStore: Sendable {
    /// Runs `body` in one transaction that holds the write lock from its start, on the calling thread. When this
    /// returns, the changes survive a power cut; when it throws, none were made. Throws `storage_failed`, or what
    /// `body` throws.
    func write<Value>(_ body: (any RegistryTransaction) throws -> Value) throws -> Value

    /// A number that is another one after each commit, whoever made it. Throws `storage_failed`.
    func revision() throws -> Int64

    /// Runs `body` on a consistent snapshot of what was committed.
    func read<Value: Sendable>(_ body: @escaping @Sendable (any RegistryReading) throws -> Value) async throws -> Value
}
