import GRDB
import PortRegistry

/// The store's queries on a snapshot of the committed state.
struct SQLiteReading: SQLiteQueries {
    let database: Database
}
