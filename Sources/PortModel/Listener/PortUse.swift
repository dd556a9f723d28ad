/// A socket that uses a port without listening on it: one end of a connection, or a socket that is only bound. It may
/// keep servers off the port.
package struct PortUse: Hashable, Sendable {
    /// The numeric local address, as ``Listener/address``.
    package var address: String
    /// The other end of the connection, such as `127.0.0.1:5432`; `nil` for a socket that is only bound.
    package var peer: String?
    /// The user id of the process that created the socket; `nil` when its process has closed it.
    package var userID: UInt32?
    /// The processes that have the socket open. Empty when this user may not see them, or there are none any more.
    package var occupiers: [Occupier]

    package init(address: String, peer: String?, userID: UInt32?, occupiers: [Occupier]) {
        self.address = address
        self.peer = peer
        self.userID = userID
        self.occupiers = occupiers
    }
}
