package import PortModel

#if canImport(FoundationEssentials)
    package import struct FoundationEssentials.Date
#else
    package import struct Foundation.Date
#endif

/// The port authority: every face and every embedding program asks this, and nothing else decides.
package struct Registry: Sendable {
    package let settings: RegistrySettings
    let store: any RegistryStore
    let machine: any Machine
    let committer: GroupCommitter

    /// `onDeadline` is told, after the commit, of each moment at which ``expireHolds()`` will have something to do; `onCommit`
    /// of each commit.
    package init(
        store: any RegistryStore,
        machine: any Machine,
        settings: RegistrySettings,
        now: @escaping @Sendable () -> Date = { Date() },
        onDeadline: @escaping @Sendable (Uptime) -> Void = { _ in },
        onCommit: @escaping @Sendable () -> Void = {}
    ) {
        self.store = store
        self.machine = machine
        self.settings = settings
        self.committer = GroupCommitter(
            store: store,
            machine: machine,
            now: now,
            onDeadline: onDeadline,
            onCommit: onCommit
        )
    }

    /// Runs a query on a snapshot; what is not a refusal becomes `storage_failed`.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any RegistryReading) throws -> Value
    ) async throws(RegistryError) -> Value {
        // An answer must not show what is over. Where nothing can be written, what is stored is answered all the same.
        let now = machine.uptime()
        do {
            if try await store.read({ try $0.hasExpiredHolds(at: now) }) || machine.hasNewExits() {
                _ = try? await expireHolds()
            }
            return try await store.read(body)
        } catch {
            throw .storage(error)
        }
    }
}
