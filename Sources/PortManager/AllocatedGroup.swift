import PortModel
import PortRegistry

/// Ports that were allocated together.
public struct AllocatedGroup: Hashable, Sendable, Identifiable {
    /// What ``PortManager/releaseGroup(_:)`` takes.
    public let id: String
    /// `unnamed` for a group that was allocated without one.
    public let app: String
    /// `default` for a group that was allocated without one.
    public let worktree: String
    /// In the order of their roles.
    public let members: [Member]

    /// One port of the group.
    public struct Member: Hashable, Sendable {
        /// `port` for a group without roles.
        public let role: String
        /// 1…65535.
        public let port: Int
    }

    /// The numbers alone.
    public var ports: [Int] { members.map(\.port) }

    /// The first port of a role.
    public subscript(role: String) -> Int? { members.first { $0.role == role }?.port }

    init(_ group: PortGroup) {
        id = group.id
        app = group.allocations[0].identity.app
        worktree = group.allocations[0].identity.instance
        members = group.allocations.map { Member(role: $0.identity.service, port: Int($0.port.number)) }
    }
}
