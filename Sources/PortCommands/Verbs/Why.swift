internal import ArgumentParser
internal import PortAPI

struct Why: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tell a port's story: who got it, who was refused, when and why.",
        discussion: "The newest first, from the journal of the last 10,000 events."
    )

    @Argument(help: "Port number.", transform: PortArgument.required)
    var port: Int

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws {
        let story = try Session().ask("GET", Paths.journal(ofPort: port), as: [JournalBody].self)
        if story.isEmpty && !json { return Output.note("nothing is known of port \(port)") }
        var table = Table(["WHEN", "WHAT", "SERVICE", "WHO ASKED", "WHY"])
        for entry in story {
            let when = String(entry.at.map { $0 == "T" ? " " : $0 }.prefix { $0 != "Z" })
            let who = "\(entry.caller) (\(entry.face))"
            table.add([when, entry.action.replacing("_", with: " "), entry.service ?? "-", who, entry.reason ?? "-"])
        }
        try Output.result(story, asJSON: json, text: table.rendered())
    }
}
