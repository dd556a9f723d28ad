/// A service that somebody waits for.
package struct WaitedServiceBody: Codable, Hashable, Sendable {
    package var name: String
    /// `ready`, `waiting` or `exited`: the owner has exited, and nobody listens.
    package var status: String
    /// The port on which it listens, else its first one, and the verdict on it; `nil` while it has none.
    package var port: PortVerdictBody?
    /// An owner that runs; `nil` when there is none.
    package var ownerPID: Int32?
    /// The owner that has exited; `nil` unless one has.
    package var exitedPID: Int32?

    package enum CodingKeys: String, CodingKey {
        case name, status, port
        case ownerPID = "owner_pid"
        case exitedPID = "exited_pid"
    }

    package init(name: String, status: String) {
        self.name = name
        self.status = status
    }
}
