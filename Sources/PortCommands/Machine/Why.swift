import ArgumentParser
import PortAPI
import PortClient

struct Why: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show a port's history: who got it, who was refused, when and why.",
        discussion: """
            Newest first, from the journal of the last 10,000 events. A NAME is looked up as by "portctl lookup"; \
            of a service that has no port now, the last one is shown.
            """
    )

    @Argument(help: ArgumentHelp("Port number or name of a service.", valueName: "port"), transform: PortTarget.init)
    var name: PortTarget

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws {
        let session = try Session()
        let port = try name.lastPort(session)
        let entries = try session.ports.journal(of: port)
        if entries.isEmpty && !json { return Output.note("no journal entries for port \(port)") }
        let display = Display.standardOutput
        let table = Table(of: entries, withPorts: false, for: display)
        try Output.result(entries, asJSON: json, text: table.rendered(for: display))
    }
}
