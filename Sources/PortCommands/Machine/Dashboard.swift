import ArgumentParser
import PortAPI
import PortClient
import PortSystem

struct Dashboard: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show all allocations by app, worktree and role, with the processes on their ports.",
        discussion: """
            [ACTIVE] a process listens; [FREE] no process listens; [CONFLICT] another process than the service's own \
            listens; [LINGERING] the allocation has ended, but a process still listens.
            """
    )

    @Flag(help: "Update the view until q or Ctrl-C is pressed.")
    var watch = false

    @Flag(help: "Output as JSON.")
    var json = false

    func validate() throws {
        if watch && json { throw ValidationError("--watch and --json cannot be combined") }
    }

    func run() throws {
        // Only this first request starts the daemon if necessary; one that is stopped later stays stopped.
        let session = try Session()
        let allocations = try session.allocations.list(AllocationQuery(wide: true))
        try session.warnIfElsewhere()
        guard watch else {
            let tree = PortTree(title: "portctl", allocations: allocations)
            return try Output.result(tree.groups, asJSON: json, text: tree.lines.joined(separator: "\n"))
        }
        try show(allocations)
    }

    private func show(_ allocations: [AllocationBody]) throws {
        let hint = "leave --watch out to print the allocations once"
        if Terminal.isTerminal(1) && Terminal.isDumb {
            let term = Environment.value("TERM").map { "TERM=\($0) has none" } ?? "TERM is not set"
            throw Failure(
                "--watch needs a terminal whose cursor can be moved: \(term)",
                hint: hint,
                code: "no_terminal"
            )
        }
        guard let screen = TerminalScreen.open() else {
            throw Failure("--watch needs a terminal", hint: hint, code: "no_terminal")
        }
        var source = LiveAllocations(
            // Keys and signals are not read while a request waits for its response, so it waits one second at most.
            client: PortClient(address: try ServerAddress.forCommand(), timeout: .seconds(1)),
            allocations
        )
        while true {
            let size = screen.size
            let lines =
                switch source.state {
                case .current(let allocations): PortTree(title: "portctl", allocations: allocations).lines
                case .lost(let reason): ["\(reason); waiting for it"]
                }
            screen.draw(Self.fitted(lines, columns: size.columns, rows: size.rows))
            // Wait for keys and signals, and check for events in between.
            while true {
                let event = screen.wait(milliseconds: source.isConnected ? 50 : 1000)
                if event == .quit { return }
                if event == .resized || source.refresh() { break }
            }
        }
    }

    /// The lines that fit into the window. If not all do, the last one gives the number of lines left out.
    static func fitted(_ lines: [String], columns: Int, rows: Int) -> [String] {
        guard lines.count > rows else { return lines.map { $0.fitting(columns) } }
        let shown = max(0, rows - 1)
        let rest = "… \(lines.count - shown) more lines"
        return (lines.prefix(shown) + [rest]).prefix(rows).map { $0.fitting(columns) }
    }
}
