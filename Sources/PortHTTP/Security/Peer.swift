package import PortRegistry

/// The client of one connection.
package struct Peer: Hashable, Sendable {
    /// The user; `nil` when the kernel does not know it, or no longer does.
    package var userID: UInt32?
    /// The name that the journal shows, such as `pid 4242`.
    package var name: String
    /// The process; 0 for one that is not visible in the daemon's pid namespace, `nil` when it is unknown.
    package var pid: Int32?
    /// Where the process lives, as the kernel shows it.
    package var network: CallerNetwork

    package init(userID: UInt32?, name: String, pid: Int32? = nil, network: CallerNetwork = .unknown) {
        self.userID = userID
        self.name = name
        self.pid = pid
        self.network = network
    }
}
