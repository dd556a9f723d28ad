import PortModel

/// Why a listener has its verdict: the rule that decided, with what it decided by.
package enum VerdictReason: Hashable, Sendable {
    // MARK: foreign

    /// The process was started for a directory of the service that was removed since.
    case directoryRemoved(String)
    /// The process was started for an earlier directory at the same path.
    case directoryReplaced(String)
    /// The process works in another checkout, at this path.
    case otherCheckout(String)
    /// The nearest owner above the process is that of these allocations, and the service's own owner lives.
    case ownerOfOthers
    /// The socket belongs to another person, who has this user id.
    case anotherPerson(UInt32)
    /// Nothing connects the process with the service.
    case unrelated

    // MARK: mine

    case owner
    /// The listening socket was registered as the service's own.
    case adopted
    /// The same process with the same socket was proven to be the service's own before.
    case provenBefore
    /// The process descends from the owner with this pid.
    case descendant(of: Int32)
    /// `run` has marked the process, or one that it descends from.
    case marked
    /// The process works in the service's checkout, or in its directory.
    case ownCheckout(String)

    // MARK: unknown

    /// The process only listens for others.
    case forwarder
    /// The system does not show which process listens; the socket belongs to this user id.
    case hidden(UInt32)
    /// The system does not show where the process runs.
    case placeHidden
    /// The service has neither a directory nor a living owner to compare with.
    case nothingToCompare
    /// The process has lost its parents, started after the service's port was given, and works in no checkout.
    case orphan
    /// The socket listened when the port was requested, and nothing spoke against it.
    case earlier
}

extension VerdictReason {
    /// The reason as the end of a sentence about the process, without its subject.
    package var text: String {
        switch self {
        case .directoryRemoved(let path): "it was started for \(path.oneLine), which was removed"
        case .directoryReplaced(let path):
            "it was started for an earlier directory at \(path.oneLine), which was removed and made again"
        case .otherCheckout(let path): "it runs in \(path.oneLine)"
        case .ownerOfOthers: "it was started for another service, and this one's own process runs"
        case .anotherPerson(let user): "it belongs to user id \(user)"
        case .unrelated: "it does not descend from the service's process, and does not run in its directory"
        case .owner: "it holds the port"
        case .adopted: "it was registered as the service"
        case .provenBefore: "it was proven to be the service's before"
        case .descendant(let pid): "it descends from process \(pid), which holds the port"
        case .marked: "it carries the mark of the service"
        case .ownCheckout(let path): "it runs in \(path.oneLine)"
        case .forwarder: "it only forwards the port"
        case .hidden(let user): "the system does not show the process; it belongs to user id \(user)"
        case .placeHidden: "the system does not show where it runs"
        case .nothingToCompare: "the service has neither a directory nor a running owner to compare it with"
        case .earlier: "it listened already when the port was requested, and nothing tells whose it is"
        case .orphan: "its parents have ended, and it runs in no project"
        }
    }
}
