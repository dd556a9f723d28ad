import ArgumentParser
import PortAPI
import PortClient

struct Processes: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ps",
        abstract: "List all TCP listeners on this machine.",
        discussion: """
            Shows the project, the allocation of the port, and the directory in which the process runs. Conflicts come \
            first; "unclaimed" means that the port is not allocated.
            """
    )

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws {
        let listeners = try Session().ports.listeners()
        if listeners.isEmpty && !json { return Output.note("nothing listens") }
        let display = Display.standardOutput
        try Output.result(listeners, asJSON: json, text: Table(of: listeners, for: display).rendered(for: display))
    }
}
