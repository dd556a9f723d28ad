package import NIOCore

/// Identifies the client of a connection. The daemon provides the implementation for the operating system.
package protocol PeerIdentification: Sendable {
    /// Returns what the kernel knows about the client now.
    func peer(of channel: any Channel) async -> Peer

    /// Returns the processes that have the client's end of a TCP connection open, as far as they can be seen; none for
    /// other connections.
    func processes(behind channel: any Channel) async -> [Int32]
}
