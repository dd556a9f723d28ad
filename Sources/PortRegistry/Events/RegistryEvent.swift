package import PortModel

/// A change of an allocation or of a listener, for subscribers.
package struct RegistryEvent: Sendable {
    /// What has changed.
    package enum Kind: Sendable {
        /// An entry was added to the journal.
        case journal(JournalEntry)
        /// A hold was renewed, by a heartbeat or another request.
        case renewed(Allocation)
        /// A socket listens.
        case listenerAppeared(ListenerReport)
        /// A socket of the port was closed.
        case listenerGone(Port)
    }

    package var kind: Kind
    package var at: Timestamp
    /// The port that has changed; `nil` when the event is not about a port.
    package var port: Port?
    /// The allocation that has the port now; `nil` when the port is not allocated.
    package var allocation: AllocationReport?
}
