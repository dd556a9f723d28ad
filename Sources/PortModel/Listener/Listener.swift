/// A listening TCP socket, as the kernel tells it to anybody.
package struct Listener: Hashable, Sendable {
    package var port: Port
    /// The local address in numbers, such as `127.0.0.1`; `0.0.0.0` and `::` for every one.
    package var address: String
    /// Of the process that made the socket.
    package var userID: UInt32
    /// The socket's inode, unique while it exists.
    package var inode: UInt32
    /// The processes that have the socket open; none when the kernel does not tell: another user's, or in a container.
    package var occupiers: [Occupier]

    package init(port: Port, address: String, userID: UInt32, inode: UInt32, occupiers: [Occupier]) {
        self.port = port
        self.address = address
        self.userID = userID
        self.inode = inode
        self.occupiers = occupiers
    }
}
