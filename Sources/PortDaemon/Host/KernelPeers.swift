import NIOCore
import PortHTTP
import PortModel
import PortRegistry
import PortSystem

/// Identifies the clients of the HTTP API by what the kernel knows of their connections.
struct KernelPeers: PeerIdentification {
    /// Returns the peer: of a TCP connection its user, of a Unix socket its user and process.
    func peer(of channel: any Channel) async -> Peer {
        guard let client = channel.remoteAddress?.endpoint, let server = channel.localAddress?.endpoint else {
            return await peer(ofUnixSocket: channel)
        }
        let userID = PeerCredentials.userID(ofTCPClient: client, server: server)
        // A client that has reset its connection is gone from the kernel's table, and another client may have connected
        // from the same port. The user that was found is this client's only if our end is still connected.
        return Peer(
            userID: await isConnected(channel) ? userID : nil,
            name: channel.remoteAddress.map { "tcp \($0.ipAddress ?? "?"):\($0.port ?? 0)" } ?? "tcp",
            // No other namespace reaches the daemon's loopback addresses.
            network: .own
        )
    }

    /// Reads the open descriptors of the client's user.
    func processes(behind channel: any Channel) async -> [Int32] {
        guard let client = channel.remoteAddress?.endpoint, let server = channel.localAddress?.endpoint else {
            return []
        }
        return await onBlockingThread { PeerCredentials.processes(ofTCPClient: client, server: server) }
    }

    /// Whether the kernel still considers the TCP connection open.
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
            pid: process.pid ?? PeerCredentials.invisiblePID,
            network: process.pid.map(network) ?? .unknown
        )
    }

    private func network(ofProcess pid: Int32) -> CallerNetwork {
        if let namespace = ProcessNetwork.namespace(of: pid) {
            return CallerNetwork(namespace, registry: ProcessNetwork.current)
        }
        return ProcessNetwork.isShared(with: pid).map { $0 ? .own : .other(nil) } ?? .unknown
    }
}

extension SocketAddress {
    /// Address and port; `nil` for a Unix socket.
    fileprivate var endpoint: SocketEndpoint? {
        guard let port, let ipAddress else { return nil }
        return SocketEndpoint(address: ipAddress, port: UInt16(port))
    }
}
