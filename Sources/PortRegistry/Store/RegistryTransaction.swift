package import PortModel

/// A write transaction: the changes to each entity, beside the queries, which see them. All of them throw when the
/// database fails.
package protocol RegistryTransaction: RegistryReading, AllocationWriting, RememberedPortWriting, ProjectWriting,
    JournalWriting
{
    /// Writes a value that is already there, to find out whether the database can be written.
    func touch() throws

    /// Runs `body`, and rolls back its changes when it returns a refusal.
    func attempt<Value>(
        _ body: () throws -> Result<Value, RegistryError>
    ) throws -> Result<Value, RegistryError>
}
