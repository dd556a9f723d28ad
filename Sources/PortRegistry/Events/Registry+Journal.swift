package import PortModel

extension Registry {
    /// The newest journal entries, the newest first. Throws `storage_failed`.
    package func journal(limit: Int) async throws(RegistryError) -> [JournalEntry] {
        try await read { try $0.journal(limit: limit) }
    }

    /// The newest journal entries about `port`, the newest first. Throws `storage_failed`.
    package func journal(about port: Port, limit: Int) async throws(RegistryError) -> [JournalEntry] {
        try await read { try $0.journal(about: port, limit: limit) }
    }
}
