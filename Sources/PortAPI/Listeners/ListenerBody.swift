/// An element of `GET /v1/listeners`: one listening socket.
package struct ListenerBody: Codable, Hashable, Sendable {
    package var port: Int
    /// In numbers, such as `127.0.0.1`; `0.0.0.0` and `::` for every one.
    package var address: String
    /// Of the user whose process made the socket.
    package var userID: UInt32
    /// Empty when the kernel does not tell: another user's process, or one in a container.
    package var processes: [ProcessDTO]
    /// `app/instance` of the directory that the first process runs in; left out when that is unknown.
    package var project: String?
    /// The claim on the port, with its state; left out when there is none.
    package var allocation: AllocationBody?

    package enum CodingKeys: String, CodingKey {
        case port, address, processes, project, allocation
        case userID = "user_id"
    }

    package init(
        port: Int,
        address: String,
        userID: UInt32,
        processes: [ProcessDTO],
        project: String?,
        allocation: AllocationBody?
    ) {
        self.port = port
        self.address = address
        self.userID = userID
        self.processes = processes
        self.project = project
        self.allocation = allocation
    }
}
