/// The outcome of sending a signal to an occupier.
package enum SignalOutcome: Hashable, Sendable {
    case sent
    /// The process has ended or closed the socket; no signal was sent.
    case gone
    /// The process belongs to the user with this id; no signal was sent.
    case anotherUser(UInt32)
    /// The system refused the signal for this reason.
    case refused(String)
}
