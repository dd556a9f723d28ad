import PortModel
import PortRegistry

/// The allocated ports of one app, by worktree.
public struct AppPorts: Hashable, Sendable {
    /// The name of the app; `unnamed` for ports that were allocated without one.
    public let app: String
    /// The worktrees, sorted by name.
    public let worktrees: [WorktreePorts]

    /// The allocated ports of one worktree of the app.
    public struct WorktreePorts: Hashable, Sendable {
        /// The name of the worktree; `default` for ports that were allocated without one.
        public let worktree: String
        /// The ports, sorted by role and then by number.
        public let ports: [RolePort]
    }

    /// An allocated port, and what listens on it.
    public struct RolePort: Hashable, Sendable {
        /// The role; `port` if the port was allocated without one.
        public let role: String
        /// The port number, 1…65535.
        public let port: Int
        /// The state of the port, read from the kernel by ``PortManager/groupedPorts()``.
        public let state: State
        /// The process that listens; `nil` when none listens or the process is unknown.
        public let occupier: PortOccupier?
    }

    /// The state of an allocated port.
    public enum State: String, Sendable, CaseIterable {
        /// No socket holds the port.
        case reserved
        /// A socket holds the port, and nothing proves that it does not belong to the allocation's own service.
        case active
        /// A process listens that does not belong to the allocation's own service.
        case conflict
        /// The allocation has expired, but a process still listens.
        case lingering
    }

    /// Groups the allocations by app and worktree.
    static func grouped(_ reports: [AllocationReport]) -> [AppPorts] {
        Dictionary(grouping: reports, by: \.allocation.identity.app).map { app, reports in
            let worktrees = Dictionary(grouping: reports, by: \.allocation.identity.instance).map { worktree, reports in
                let ports = reports.map(RolePort.init).sorted { ($0.role, $0.port) < ($1.role, $1.port) }
                return WorktreePorts(worktree: worktree, ports: ports)
            }
            return AppPorts(app: app, worktrees: worktrees.sorted { $0.worktree < $1.worktree })
        }.sorted { $0.app < $1.app }
    }
}

extension AppPorts.RolePort {
    fileprivate init(_ report: AllocationReport) {
        role = report.allocation.identity.service
        port = Int(report.allocation.port.number)
        state = AppPorts.State(report.state)
        occupier = report.occupiers.first.map { PortOccupier($0, on: report.allocation.port) }
    }
}

extension AppPorts.State {
    fileprivate init(_ state: AllocationState) {
        self =
            switch state {
            case .reserved: .reserved
            case .active: .active
            case .conflict: .conflict
            case .lingering: .lingering
            }
    }
}
