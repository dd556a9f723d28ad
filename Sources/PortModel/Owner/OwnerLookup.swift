/// What the machine says of a pid that somebody named as an owner.
package enum OwnerLookup: Hashable, Sendable {
    case owner(Owner)
    /// No such process, or one that has ended and was not waited for yet.
    case noSuchProcess
    case anotherUser(UInt32)
    /// The caller lives in another pid namespace, and the process cannot be seen from ours.
    case invisible
    /// The system did not say, for this reason.
    case unknown(String)
}
