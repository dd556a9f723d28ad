/// A listening TCP socket, or a bound UDP socket: an element of `GET /v1/listeners`.
package struct ListenerBody: Codable, Hashable, Sendable {
    package var port: Int
    /// `udp`; `nil` for TCP.
    package var transport: String?
    /// The numeric local address, such as `127.0.0.1`; `0.0.0.0` or `::` for all addresses.
    package var address: String
    /// The user whose process created the socket.
    package var userID: UInt32
    /// The processes that have the socket open; empty when the kernel does not reveal them, such as another user's or
    /// those in a container.
    package var processes: [ProcessDTO]
    /// `app/instance` of the first process's working directory; `nil` when that is unknown, or is neither in a
    /// repository nor a directory that has allocations.
    package var project: String?
    /// The allocation of the port, as with `wide`; `nil` when there is none.
    package var allocation: AllocationBody?

    package enum CodingKeys: String, CodingKey {
        case port, address, processes, project, allocation
        case transport = "protocol"
        case userID = "user_id"
    }

    package init(
        port: Int,
        transport: String? = nil,
        address: String,
        userID: UInt32,
        processes: [ProcessDTO],
        project: String?,
        allocation: AllocationBody?
    ) {
        self.port = port
        self.transport = transport
        self.address = address
        self.userID = userID
        self.processes = processes
        self.project = project
        self.allocation = allocation
    }
}
