/// What became of a signal to an occupier.
package enum SignalOutcome: Hashable, Sendable {
    case sent
    /// It has ended, or closed the socket.
    case gone
    case anotherUser(UInt32)
    /// The system refused, for this reason.
    case refused(String)
}
