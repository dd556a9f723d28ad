import PortModel
import PortRegistry

/// A group of ports that were allocated together.
public struct AllocatedGroup: Hashable, Sendable, Identifiable {
    /// The id of the group, which ``PortManager/releaseGroup(_:)`` takes.
    public let id: String
    /// The name of the app; `unnamed` if the group was allocated without one.
    public let app: String
    /// The name of the worktree; `default` if the group was allocated without one.
    public let worktree: String
    /// The ports, in the order of the roles that were requested.
    public let members: [Member]

    /// One port of a group.
    public struct Member: Hashable, Sendable {
        /// The role; `port` in a group without roles.
        public let role: String
        /// The port number, 1…65535.
        public let port: Int
    }

    /// The port numbers, in the order of ``members``.
    public var ports: [Int] { members.map(\.port) }

    /// The first port with the role; `nil` if there is none.
    public subscript(role: String) -> Int? { members.first { $0.role == role }?.port }

    init(_ group: PortGroup) {
        id = group.id
        app = group.allocations[0].identity.app
        worktree = group.allocations[0].identity.instance
        members = group.allocations.map { Member(role: $0.identity.service, port: Int($0.port.number)) }
    }
}
