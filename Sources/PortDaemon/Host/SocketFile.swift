import PortSystem
import Synchronization

/// The file of the daemon's Unix socket.
final class SocketFile: Sendable {
    let path: String
    /// The file that this daemon made; `nil` before.
    private let identity = Mutex<PrivateFile.Identity?>(nil)

    init(path: String) { self.path = path }

    /// Removes the access of other users to the socket that was just bound. Throws ``SystemError``.
    func restrictToOwner() throws(SystemError) {
        try FileMode.restrictToOwner(path)
        identity.withLock { $0 = PrivateFile.Identity(path: path) }
    }

    /// Removes the file if it is still the one that this daemon made: the home may have been moved away, and the path
    /// may belong to another daemon by now.
    func remove() { PrivateFile.remove(path, ifStill: identity.withLock { $0 }) }
}
