/// A listening TCP socket, or a bound UDP socket. The kernel shows its address, user and inode to every process.
package struct Listener: Hashable, Sendable {
    package var transport: TransportProtocol
    package var port: Port
    /// The numeric local address, such as `127.0.0.1`. `0.0.0.0` and `::` stand for all addresses.
    package var address: String
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
        userID: UInt32,
        inode: UInt32,
        occupiers: [Occupier]
    ) {
        self.transport = transport
        self.port = port
        self.address = address
        self.userID = userID
        self.inode = inode
        self.occupiers = occupiers
    }
}
