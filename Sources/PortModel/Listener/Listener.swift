/// A listening TCP socket, or a bound UDP socket. The kernel shows its address, user and inode to every process.
package struct Listener: Hashable, Sendable {
    package var transport: TransportProtocol
    package var port: Port
    /// The numeric local address, such as `127.0.0.1`. `0.0.0.0` and `::` stand for all addresses.
    package var address: String
    /// Whether the address `::` stands for those of IPv6 alone (IPV6_V6ONLY), and not for IPv4's as well.
    package var isIPv6Only: Bool
    /// The user id of the process that created the socket.
    package var userID: UInt32
    /// The inode of the socket, unique as long as the socket exists.
    package var inode: UInt32
    /// The processes that have the socket open. Empty when this user may not see them: they belong to another user, or
    /// run in a container.
    package var occupiers: [Occupier]

    package init(
        _ transport: TransportProtocol = .tcp,
        port: Port,
        address: String,
        isIPv6Only: Bool = false,
        userID: UInt32,
        inode: UInt32,
        occupiers: [Occupier]
    ) {
        self.transport = transport
        self.port = port
        self.address = address
        self.isIPv6Only = isIPv6Only
        self.userID = userID
        self.inode = inode
        self.occupiers = occupiers
    }
}
