import ArgumentParser
import PortAPI
import PortClient
import PortSystem

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
        let allocations = try Session().send("GET", Self.path, as: [AllocationBody].self)
        guard watch else {
            let tree = PortTree(title: "portctl", allocations: allocations)
            return try Output.result(tree.groups, asJSON: json, text: tree.lines.joined(separator: "\n"))
        }
        try show(allocations)
    }

    fileprivate static let path = Paths.allocations + Paths.query([("wide", "true")])

    private func show(_ allocations: [AllocationBody]) throws {
        guard let screen = TerminalScreen.open() else {
            throw Failure("--watch needs a terminal", hint: "leave --watch out to print the allocations once")
        }
        var source = LiveAllocations(
            // Keys and signals wait meanwhile.
            client: PortClient(address: try ServerAddress.forCommand(), timeout: .seconds(1)),
            allocations
        )
        while true {
            let size = screen.size
            let lines =
                switch source.state {
                case .known(let allocations): PortTree(title: "portctl", allocations: allocations).lines
                case .lost(let why): ["\(why); waiting for it"]
                }
            screen.draw(Self.fitted(lines, columns: size.columns, rows: size.rows))
            // Keys and signals on the one hand, events on the other.
            while true {
                let event = screen.wait(milliseconds: source.isConnected ? 50 : 1000)
                if event == .quit { return }
                if event == .resized || source.refresh() { break }
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

/// The allocations, asked for again whenever an event says that something happened.
private struct LiveAllocations: ~Copyable {
    enum State {
        case known([AllocationBody])
        /// The daemon is gone, in these words.
        case lost(String)
    }

    private(set) var state: State
    private let client: PortClient
    private var stream: EventStream?

    init(client: PortClient, _ allocations: [AllocationBody]) {
        self.client = client
        state = .known(allocations)
        stream = try? client.events()
    }

    var isConnected: Bool { stream != nil }

    /// Takes in what has come meanwhile. Returns whether anything did.
    mutating func refresh() -> Bool {
        do throws(ClientError) {
            if stream == nil {
                stream = try client.events()
            } else {
                guard stream!.hasNews(within: 0) else { return false }
                guard let events = try stream!.available() else { throw .closed(client.address) }
                guard !events.isEmpty else { return false }
            }
            state = .known(try client.send("GET", Dashboard.path, as: [AllocationBody].self))
        } catch {
            stream = nil
            state = .lost(error.message)
        }
        return true
    }
}
