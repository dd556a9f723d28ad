import ArgumentParser
import PortAPI
import PortModel

struct Processes: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ps",
        abstract: "List all TCP listeners on this machine.",
        discussion: """
            Shows the project in whose directory the process runs, or else the directory, and the allocation of the \
            port.
            """
    )

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws {
        let listeners = try Session().send("GET", Paths.listeners, as: [ListenerBody].self)
        if listeners.isEmpty && !json { return Output.note("nothing listens") }
        try Output.result(listeners, asJSON: json, text: Table(of: listeners).rendered())
    }
}

extension Table {
    /// A row for each process of each socket.
    fileprivate init(of listeners: [ListenerBody]) {
        self.init(["PORT", "ADDRESS", "PID", "PROCESS", "PROJECT", "ALLOCATION", "STATE"])
        for listener in listeners {
            let directory = listener.processes.first?.directory?.oneLine
            let rest = [
                listener.project ?? directory ?? "-", listener.allocation?.name ?? "-",
                listener.allocation?.state ?? "-",
            ]
            for process in listener.processes {
                add(["\(listener.port)", listener.address, "\(process.pid)", process.name.oneLine] + rest)
            }
            if listener.processes.isEmpty {
                add(["\(listener.port)", listener.address, "-", "unknown (user id \(listener.userID))"] + rest)
            }
        }
    }
}
