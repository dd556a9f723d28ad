import ArgumentParser
import PortAPI

struct Why: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tell a port's entries: who got it, who was refused, when and why.",
        discussion: "The newest first, from the journal of the last 10,000 events."
    )

    @Argument(help: "Port number.", transform: PortArgument.required)
    var port: Int

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws {
        let entries = try Session().send("GET", Paths.journal(ofPort: port), as: [JournalEntryDTO].self)
        if entries.isEmpty && !json { return Output.note("nothing is known of port \(port)") }
        try Output.result(entries, asJSON: json, text: Table(of: entries, withPorts: false).rendered())
    }
}

extension Table {
    /// The journal's entries, a line for each.
    init(of entries: [JournalEntryDTO], withPorts: Bool = true) {
        self.init(["WHEN", "WHAT"] + (withPorts ? ["PORT"] : []) + ["SERVICE", "WHO ASKED", "WHY"])
        for entry in entries {
            let when = String(entry.at.map { $0 == "T" ? " " : $0 }.prefix { $0 != "Z" })
            let port = withPorts ? [entry.port.map(String.init) ?? "-"] : []
            let who = "\(entry.caller) (\(entry.face))"
            add(
                [when, entry.action.replacing("_", with: " ")] + port + [
                    entry.service ?? "-", who, entry.reason ?? "-",
                ]
            )
        }
    }
}
