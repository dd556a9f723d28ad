/// The response to `POST /v1/reservations`.
package struct ReservationBody: Codable, Hashable, Sendable {
    package var port: Int
    package var allocation: AllocationBody
    /// Whether a process listened on the port when the request arrived.
    package var wasOccupied: Bool
    /// Whether the occupier was killed.
    package var killed: Bool
    /// The process that listened; `nil` when there was none, or when the kernel does not reveal it.
    package var occupier: ProcessDTO?
    /// The other ports that closed with the process that was killed; `nil` when there are none.
    package var otherPorts: [Int]?

    package enum CodingKeys: String, CodingKey {
        case port, allocation, killed, occupier
        case wasOccupied = "was_occupied"
        case otherPorts = "other_ports"
    }

    /// Creates the response for `allocation`, whose port it repeats.
    package init(
        allocation: AllocationBody,
        wasOccupied: Bool,
        killed: Bool,
        occupier: ProcessDTO?,
        otherPorts: [Int]?
    ) {
        self.port = allocation.port
        self.allocation = allocation
        self.wasOccupied = wasOccupied
        self.killed = killed
        self.occupier = occupier
        self.otherPorts = otherPorts
    }
}
