import Synchronization

/// Whether all waits end now, because the process is about to: an answer is still possible.
final class WaitEnd: Sendable {
    private let isSet = Mutex(false)

    var hasCome: Bool { isSet.withLock { $0 } }

    func come() { isSet.withLock { $0 = true } }
}
