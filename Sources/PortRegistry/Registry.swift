package import PortModel

/// The rules of the port registry. Every face and every program that embeds the registry decides through this type.
package struct Registry: Sendable {
    package let settings: RegistrySettings
    let store: any RegistryStore
    let machine: any Machine
    let committer: GroupCommitter
    let changeFeed: ChangeFeed
    let provenListeners: ProvenListeners
    let knownDrifts = KnownDrifts()
    let waitEnd = WaitEnd()

    /// Creates a registry over a store and a machine.
    ///
    /// - Parameters:
    ///   - onDeadline: Called after a commit with the earliest moment at which ``expireHolds()`` has something to do.
    package init(
        store: any RegistryStore,
        machine: any Machine,
        settings: RegistrySettings,
        onDeadline: @escaping @Sendable (Uptime) -> Void = { _ in }
    ) {
        self.init(
            store: store,
            machine: machine,
            settings: settings,
            onDeadline: onDeadline,
            changeFeed: ChangeFeed()
        )
    }

    init(
        store: any RegistryStore,
        machine: any Machine,
        settings: RegistrySettings,
        onDeadline: @escaping @Sendable (Uptime) -> Void,
        changeFeed: ChangeFeed
    ) {
        self.store = store
        self.machine = machine
        self.settings = settings
        self.changeFeed = changeFeed
        provenListeners = ProvenListeners()
        self.committer = GroupCommitter(
            store: store,
            machine: machine,
            provenListeners: provenListeners,
            onDeadline: onDeadline,
            onCommit: changeFeed.didCommit
        )
    }

    /// Runs a query on one snapshot of the store, without expired holds: only if the snapshot has any, they are ended,
    /// and the query runs on the next one. Throws the ``RegistryError`` that `body` throws, else `storage_failed`.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any RegistryReading) throws -> Value
    ) async throws(RegistryError) -> Value {
        let now = machine.uptime()
        do {
            if !machine.drainExits() {
                let answer = try await store.read { reading -> Value? in
                    try reading.hasExpiredHolds(at: now) ? nil : try body(reading)
                }
                if let answer { return answer }
            }
            // If the store cannot be written, answer from what is stored: that is better than no answer.
            _ = try? await expireHolds()
            return try await store.read(body)
        } catch {
            throw .storage(error)
        }
    }
}
