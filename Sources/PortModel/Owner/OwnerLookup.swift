/// The result of looking up a pid that a caller named as an owner.
package enum OwnerLookup: Hashable, Sendable {
    case owner(Owner)
    /// There is no such process, or it is a zombie.
    case noSuchProcess
    /// The process belongs to the user with this id.
    case anotherUser(UInt32)
    /// The caller runs in another pid namespace, and the process is not visible from the daemon's.
    case invisible
    /// The system could not answer for this reason.
    case unknown(String)
}
