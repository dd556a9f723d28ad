package import PortModel

#if canImport(FoundationEssentials)
    package import struct FoundationEssentials.Date
#else
    package import struct Foundation.Date
#endif

/// Something that became of a port, for whoever watches.
package struct RegistryEvent: Sendable {
    package enum Kind: Sendable {
        /// The registry's story goes on.
        case journal(JournalEntry)
        /// A hold lives on, because somebody asked for it again.
        case renewed(Allocation)
        case listenerAppeared(ListenerReport)
        case listenerGone(Port)
    }

    package var kind: Kind
    package var at: Date
    /// `nil` for what is about no port.
    package var port: Port?
    /// What has the port now; `nil` for nobody.
    package var allocation: AllocationReport?
}
