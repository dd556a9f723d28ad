/// A socket that uses a port without listening on it.
package struct PortUseBody: Codable, Hashable, Sendable {
    /// The numeric local address.
    package var address: String
    /// The other end of the connection, such as `127.0.0.1:5432`; `nil` for a socket that is only bound.
    package var peer: String?
    /// The user whose process created the socket; `nil` when the process has closed it.
    package var userID: UInt32?
    /// The processes that have the socket open; empty when the kernel does not reveal them.
    package var processes: [ProcessDTO]

    package enum CodingKeys: String, CodingKey {
        case address, peer, processes
        case userID = "user_id"
    }

    package init(address: String, peer: String?, userID: UInt32?, processes: [ProcessDTO]) {
        self.address = address
        self.peer = peer
        self.userID = userID
        self.processes = processes
    }
}
