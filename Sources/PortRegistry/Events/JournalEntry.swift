package import PortModel

/// An entry of the registry's journal: who requested what, what was granted or refused, and why.
package struct JournalEntry: Hashable, Sendable {
    /// What happened.
    package enum Action: String, Sendable {
        /// A port was given to a service.
        case allocated
        /// A service that was already running was registered with its port.
        case adopted
        /// A request was refused.
        case refused
        /// An allocation was ended by a request.
        case released
        /// An owner has exited; the grace period of its hold begins.
        case ownerExited = "owner_exited"
        /// A further hold was placed on an allocation.
        case held
        /// A service got another port, because another process listens on the one that it had, or that one is not free
        /// any longer. Recorded for the port that it left, and, when an allocation was moved, for the new one.
        case moved
        /// The process that listened was signalled to end.
        case killed
        /// A process that is not the service's own listens on the port.
        case conflict
        /// The service listens on another port than its own.
        case drifted
        /// The last hold has ended, and the allocation with it.
        case expired
        /// The last hold has ended, but the port is still listened on.
        case lingers
        /// A remembered port was deleted on request.
        case forgotten
        /// The allocation was found in a database of the original port-server, or the port in another system's file.
        case takenOver = "taken_over"
        /// The database was damaged, and its readable rows were recovered into a new one.
        case rebuilt
    }

    /// Increases with each entry; 0 until the entry is stored.
    package var id: Int64
    package var at: Timestamp
    package var action: Action
    package var caller: Caller
    package var identity: ServiceIdentity?
    package var port: Port?
    package var reason: String?

    package init(
        id: Int64 = 0,
        at: Timestamp,
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
