import PortAPI
import PortModel

/// The dashboard in PortManager's format: all allocations by app, worktree and role, with the processes that use their
/// ports.
struct PortTree {
    /// The program's name, for the headline.
    let title: String
    let allocations: [AllocationBody]

    /// The dashboard as text.
    var lines: [String] {
        var lines = ["\(title) - Port Allocations", String(repeating: "=", count: 29)]
        guard !allocations.isEmpty else { return lines + ["", "No ports are allocated."] }
        for app in groups {
            lines += ["", "📦 App: \(app.app.oneLine)"]
            for worktree in app.worktrees {
                lines.append("  🌿 Worktree: \(worktree.worktree.oneLine)")
                let width = worktree.ports.map(\.role.oneLine.columns).max() ?? 0
                let digits = worktree.ports.map { "\($0.port)".count }.max() ?? 0
                for port in worktree.ports {
                    let role = port.role.oneLine
                    let padding = String(repeating: " ", count: max(width, 10) - role.columns)
                    let space = String(repeating: " ", count: digits - "\(port.port)".count)
                    lines.append("     \(role)\(padding) \(port.port)\(space)  \(port.mark)")
                }
            }
        }
        return lines
    }

    /// The dashboard as values, for JSON and for ``lines``.
    var groups: [App] {
        Dictionary(grouping: allocations, by: \.app).map { app, allocations in
            App(
                app: app,
                worktrees: Dictionary(grouping: allocations, by: \.instance).map { worktree, allocations in
                    // In the order of creation, which keeps the order of a group's roles.
                    Worktree(worktree: worktree, ports: allocations.sorted { $0.id < $1.id }.map(Entry.init))
                }.sorted { $0.worktree < $1.worktree }
            )
        }.sorted { $0.app < $1.app }
    }

    struct App: Encodable {
        let app: String
        let worktrees: [Worktree]
    }

    struct Worktree: Encodable {
        let worktree: String
        let ports: [Entry]
    }

    struct Entry: Encodable {
        let role: String
        let port: Int
        let state: String
        let process: ProcessDTO?

        init(_ allocation: AllocationBody) {
            role = allocation.service
            port = allocation.port
            state = allocation.state ?? "reserved"
            process = allocation.occupiers?.first
        }

        /// The state and the process: `[ACTIVE] node (PID 12345)`.
        var mark: String {
            let word = state == "reserved" ? "FREE" : state.uppercased()
            return "[\(word)]" + (process.map { " \($0.name.oneLine) (PID \($0.pid))" } ?? "")
        }
    }
}
