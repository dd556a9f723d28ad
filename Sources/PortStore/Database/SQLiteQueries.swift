import GRDB
import PortRegistry

/// The store's queries on one connection, inside a transaction: a ``SQLiteReading`` or a ``SQLiteTransaction``.
/// Extensions, one for each entity, implement them for both.
protocol SQLiteQueries: RegistryReading {
    /// The connection, inside its transaction.
    var database: Database { get }
}
