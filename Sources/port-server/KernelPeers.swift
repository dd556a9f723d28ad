import NIOCore
import PortHTTP
import PortSystem

/// The HTTP face's view of its clients, by the kernel.
struct KernelPeers: PeerIdentification {
    func peer(of channel: any Channel) async -> Peer {
        guard let client = channel.remoteAddress?.endpoint, let server = channel.localAddress?.endpoint else {
            return await peer(ofUnixSocket: channel)
        }
        let userID = PeerCredentials.userID(ofTCPClient: client, server: server)
        // A client that has reset its connection is gone from the kernel's table, and another one may have connected
        // from its port: only while our end is not closed, what was found is the client's.
        return Peer(
            userID: await isConnected(channel) ? userID : nil,
            name: channel.remoteAddress.map { "tcp \($0.ipAddress ?? "?"):\($0.port ?? 0)" } ?? "tcp"
        )
    }

    private func isConnected(_ channel: any Channel) async -> Bool {
        let state: UInt8? = try? await (channel as? any SocketOptionProvider)?
            .unsafeGetSocketOption(
                level: NIOBSDSocket.OptionLevel(rawValue: PeerCredentials.connectionStateLevel),
                name: NIOBSDSocket.Option(rawValue: PeerCredentials.connectionStateName)
            ).get()
        return state.map(PeerCredentials.isConnected) ?? false
    }

    private func peer(ofUnixSocket channel: any Channel) async -> Peer {
        let value: PeerCredentials.SocketOptionValue? = try? await (channel as? any SocketOptionProvider)?
            .unsafeGetSocketOption(
                level: NIOBSDSocket.OptionLevel(rawValue: PeerCredentials.socketOptionLevel),
                name: NIOBSDSocket.Option(rawValue: PeerCredentials.socketOptionName)
            ).get()
        guard let process = value?.process else { return Peer(userID: nil, name: "unknown") }
        return Peer(
            userID: process.uid,
            name: process.pid.map { "pid \($0)" } ?? "uid \(process.uid)",
            pid: process.pid ?? PeerCredentials.invisiblePID
        )
    }
}

extension SocketAddress {
    /// `nil` for a Unix socket.
    fileprivate var endpoint: SocketEndpoint? {
        guard let port, let ipAddress else { return nil }
        return SocketEndpoint(address: ipAddress, port: UInt16(port))
    }
}
