/// The queries of the store, those of each entity. All of them read one consistent state, and throw when the database
/// fails.
///
/// A new entity is a protocol in this list, and one in that of ``RegistryTransaction``.
package protocol RegistryReading: AllocationReading, HoldReading, RememberedPortReading, ProjectReading,
    JournalReading, DatabaseHealthReading, RegistryIDReading
{}
