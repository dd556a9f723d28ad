package import PortModel

extension Registry {
    /// Returns the newest `limit` journal entries, newest first. Throws `storage_failed`.
    package func journal(limit: Int) async throws(RegistryError) -> [JournalEntry] {
        try await read { try $0.journal(limit: limit) }
    }

    /// Returns the newest `limit` journal entries about `port`, newest first. Throws `storage_failed`.
    package func journal(about port: Port, limit: Int) async throws(RegistryError) -> [JournalEntry] {
        try await read { try $0.journal(about: port, limit: limit) }
    }
}
