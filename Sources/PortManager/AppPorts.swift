import PortModel
import PortRegistry

/// The ports of an app, by worktree.
public struct AppPorts: Hashable, Sendable {
    /// `unnamed` for ports that were allocated without one.
    public let app: String
    /// By name.
    public let worktrees: [WorktreePorts]

    /// The ports of one worktree of the app.
    public struct WorktreePorts: Hashable, Sendable {
        /// `default` for ports that were allocated without one.
        public let worktree: String
        /// By role, then port.
        public let ports: [RolePort]
    }

    /// A port, and what really is on it.
    public struct RolePort: Hashable, Sendable {
        /// `port` for one that was allocated without one.
        public let role: String
        /// 1…65535.
        public let port: Int
        /// Read when the query was sent.
        public let state: State
        /// Who listens; `nil` when nobody does, or it is not known.
        public let occupier: PortOccupier?
    }

    /// What an allocated port is really doing.
    public enum State: String, Sendable, CaseIterable {
        /// Nobody listens.
        case reserved
        /// Somebody listens, and nothing proves that it is a stranger.
        case active
        /// A stranger listens.
        case conflict
        /// The allocation is over, but the port is still listened on.
        case lingering
    }

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
