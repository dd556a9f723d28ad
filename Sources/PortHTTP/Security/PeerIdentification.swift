package import NIOCore

/// Identifies the client of a connection. The daemon provides the implementation for the operating system.
package protocol PeerIdentification: Sendable {
    /// Returns what the kernel knows about the client now.
    func peer(of channel: any Channel) async -> Peer
}
