internal import ArgumentParser
internal import PortAPI
internal import PortClient
internal import PortSystem

struct Dashboard: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show every allocation by app, worktree and role, with what really is on its port.",
        discussion: "[ACTIVE] somebody listens; [FREE] nobody does; [CONFLICT] a stranger does; [LINGERING] it is over."
    )

    @Flag(help: "Keep it up to date until q or Ctrl-C.")
    var watch = false

    @Flag(help: "Output as JSON.")
    var json = false

    func validate() throws {
        if watch && json { throw ValidationError("--watch and --json exclude each other") }
    }

    func run() throws {
        // The first answer starts the daemon, if it must; a daemon that is stopped later stays stopped.
        let allocations = try Session().ask("GET", Self.path, as: [AllocationBody].self)
        guard watch else {
            let tree = PortTree(title: "portctl", allocations: allocations)
            return try Output.result(tree.groups, asJSON: json, text: tree.lines.joined(separator: "\n"))
        }
        try show(allocations)
    }

    private static let path = Paths.allocations + Paths.query([("wide", "true")])

    private func show(_ allocations: [AllocationBody]) throws {
        guard let screen = TerminalScreen.open() else {
            throw Failure("--watch needs a terminal", hint: "leave --watch out to print the allocations once")
        }
        let client = PortClient(address: try ServerAddress.forCommand())
        var lines = PortTree(title: "portctl", allocations: allocations).lines
        while true {
            let size = screen.size
            screen.draw(Self.fitted(lines, columns: size.columns, rows: size.rows))
            switch screen.wait(milliseconds: 1000) {
            case .quit: return
            case .resized: continue
            case .nothing: break
            }
            do throws(ClientError) {
                let allocations = try client.send("GET", Self.path, as: [AllocationBody].self)
                lines = PortTree(title: "portctl", allocations: allocations).lines
            } catch {
                lines = ["\(error.message); waiting for it"]
            }
        }
    }

    /// As much as the window has room for, and how much more there is.
    static func fitted(_ lines: [String], columns: Int, rows: Int) -> [String] {
        guard lines.count > rows else { return lines.map { $0.fitting(columns) } }
        let shown = max(0, rows - 1)
        let rest = "… \(lines.count - shown) more lines"
        return (lines.prefix(shown) + [rest]).prefix(rows).map { $0.fitting(columns) }
    }
}

extension ServerAddress {
    /// What the environment names, with a failure in the command line's words.
    static func forCommand() throws -> ServerAddress {
        do { return try ServerAddress.current() } catch { throw Failure(error) }
    }
}
