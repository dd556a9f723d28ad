import PortAPI
import PortModel

extension Table {
    /// A row for each process of each socket; those in conflict with an allocation come first.
    init(of listeners: [ListenerBody], for display: Display) {
        self.init([
            .init("PORT"), .init("ADDRESS", rank: 6), .init("PID", rank: 1), .init("PROCESS", rank: 2, minimum: 8),
            .init("PROJECT", rank: 3, minimum: 16), .init("ALLOCATION", minimum: 20), .init("STATE"),
            .init("DIRECTORY", rank: 4, minimum: 16), .init("COMMAND", rank: 5, minimum: 24),
        ])
        let isConflict = { (listener: ListenerBody) in listener.allocation?.state == "conflict" }
        for listener in listeners.filter(isConflict) + listeners.filter({ !isConflict($0) }) {
            let state = listener.allocation == nil ? "unclaimed" : listener.allocation?.state
            let port = listener.allocation?.actualPort == nil ? "\(listener.port)" : listener.allocation?.portText ?? ""
            let socket: [Cell] = [Cell(port), "\(listener.address)"]
            let claim: [Cell] = [
                Cell(listener.project ?? "-"), Cell(listener.allocation?.name ?? "-"), Cell(state: state, for: display),
            ]
            for process in listener.processes {
                let removed = process.removedDirectory.map { "\(display.path($0)) (deleted)" }
                let place = process.directory.map(display.path) ?? removed ?? "-"
                add(
                    socket + ["\(process.pid)", Cell(process.name)] + claim
                        + [Cell(place), Cell(process.commandLine(for: display))]
                )
            }
            if listener.processes.isEmpty {
                add(socket + ["-", "unknown (user id \(listener.userID))"] + claim + ["-", "-"])
            }
        }
    }
}

extension ProcessDTO {
    /// The command in one line; `-` when it is unknown. In a terminal, the program without its directory, and `~` for
    /// the home directory in the arguments.
    fileprivate func commandLine(for display: Display) -> String {
        guard let program = command.first else { return "-" }
        guard display.isTerminal else { return command.joined(separator: " ") }
        let name = program.split(separator: "/").last.map(String.init) ?? program
        return ([name] + command.dropFirst().map(display.path)).joined(separator: " ")
    }
}
