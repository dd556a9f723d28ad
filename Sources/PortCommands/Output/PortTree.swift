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
        let (named, ofApps) = (allocations.filter(\.isMachineWide), allocations.filter { !$0.isMachineWide })
        for app in Self.groups(of: ofApps) {
            lines += ["", "📦 App: \(app.app.oneLine)"]
            for worktree in app.worktrees {
                lines.append("  🌿 Worktree: \(worktree.worktree.oneLine)")
                lines += Self.lines(of: worktree.ports.map { ($0.role.oneLine, $0) })
            }
        }
        if !named.isEmpty {
            lines += ["", "📦 Machine-wide names"]
            lines += Self.lines(of: named.sorted { $0.app < $1.app }.map { ($0.app.oneLine, Entry($0)) })
        }
        return lines
    }

    private static func lines(of ports: [(name: String, entry: Entry)]) -> [String] {
        let width = ports.map(\.name.columns).max() ?? 0
        let digits = ports.map(\.entry.portText.count).max() ?? 0
        return ports.map { name, port in
            let padding = String(repeating: " ", count: max(width, 10) - name.columns)
            let space = String(repeating: " ", count: digits - port.portText.count)
            return "     \(name)\(padding) \(port.portText)\(space)  \(port.mark)"
        }
    }

    /// The dashboard as values, for JSON.
    var groups: [App] { Self.groups(of: allocations) }

    private static func groups(of allocations: [AllocationBody]) -> [App] {
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
        /// The port on which the service really listens; `nil` unless it is another one.
        let actualPort: Int?

        enum CodingKeys: String, CodingKey {
            case role, port, state, process
            case actualPort = "actual_port"
        }

        /// As ``AllocationBody/portText``.
        var portText: String { AllocationBody.portText(port, actual: actualPort) }

        init(_ allocation: AllocationBody) {
            role = allocation.service
            port = allocation.port
            state = allocation.state ?? "reserved"
            process = allocation.occupiers?.first
            actualPort = allocation.actualPort
        }

        /// The state and the process: `[ACTIVE] node (PID 12345)`.
        var mark: String {
            let word = state == "reserved" ? "FREE" : state.uppercased()
            return "[\(word)]" + (process.map { " \($0.name.oneLine) (PID \($0.pid))" } ?? "")
        }
    }
}
