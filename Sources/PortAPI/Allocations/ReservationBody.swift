/// The answer to `POST /v1/reservations`.
package struct ReservationBody: Codable, Hashable, Sendable {
    package var port: Int
    package var allocation: AllocationBody
    package var wasOccupied: Bool
    /// Whether the occupier was ended.
    package var killed: Bool
    /// Who listened; left out when nobody did, or the kernel does not tell.
    package var occupier: ProcessDTO?

    package enum CodingKeys: String, CodingKey {
        case port, allocation, killed, occupier
        case wasOccupied = "was_occupied"
    }

    package init(allocation: AllocationBody, wasOccupied: Bool, killed: Bool, occupier: ProcessDTO?) {
        self.port = allocation.port
        self.allocation = allocation
        self.wasOccupied = wasOccupied
        self.killed = killed
        self.occupier = occupier
    }
}
