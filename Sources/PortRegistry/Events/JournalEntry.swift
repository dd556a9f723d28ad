package import PortModel

#if canImport(FoundationEssentials)
    package import struct FoundationEssentials.Date
#else
    package import struct Foundation.Date
#endif

/// One line of the registry's story: who asked, what was given or refused, and why.
package struct JournalEntry: Hashable, Sendable {
    package enum Action: String, Sendable {
        case allocated
        /// Registered while the service was already running.
        case adopted
        case refused
        case released
        /// An owner has exited; the hold's grace begins, if it has one.
        case ownerExited = "owner_exited"
        /// A further hold was placed on an allocation.
        case held
        /// Moved to another port, because a stranger has the old one.
        case moved
        /// The process that listened was ended.
        case killed
        /// A stranger listens on the port.
        case conflict
        /// The last hold is over.
        case expired
        /// The last hold is over, but the port is still listened on.
        case lingers
        case forgotten
        /// Found in a database of seed 002's own server.
        case takenOver = "taken_over"
        /// The database was damaged, and made anew from what it still knew.
        case rebuilt
    }

    /// Grows with each entry; 0 until it is stored.
    package var id: Int64
    package var at: Date
    package var action: Action
    package var caller: Caller
    package var identity: ServiceIdentity?
    package var port: Port?
    package var reason: String?

    package init(
        id: Int64 = 0,
        at: Date,
        action: Action,
        caller: Caller,
        identity: ServiceIdentity?,
        port: Port?,
        reason: String?
    ) {
        self.id = id
        self.at = at
        self.action = action
        self.caller = caller
        self.identity = identity
        self.port = port
        self.reason = reason
    }
}
