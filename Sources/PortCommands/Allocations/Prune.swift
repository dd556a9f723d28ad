import ArgumentParser
import PortAPI
import PortClient
import PortModel
import PortSystem

struct Prune: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "End the allocations whose owners have exited.",
        discussion: """
            Shows them, from every project and face, and asks at a terminal; without one it needs --yes. Only \
            allocations that wait out the grace of their owners end, earlier than they would by themselves. One that \
            is permanent, has time to live or a living owner, or whose port is listened on, stays. Services keep \
            their remembered ports.
            """
    )

    @Flag(help: "Only show what would end.")
    var dryRun = false

    @Flag(help: "Do not ask for confirmation.")
    var yes = false

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws {
        let session = try Session()
        let shown = try session.allocations.prune(PruneRequestBody(dryRun: true))
        guard !dryRun else { return try show(shown, "would end") }
        guard !shown.allocations.isEmpty else {
            return try show(PruneBody(dryRun: false, allocations: []), "ended")
        }
        if !yes { try confirm(shown) }
        var ended: [AllocationBody] = []
        var ids = shown.allocations.map(\.id)[...]
        // Others that could end by now were not shown. A request's body has a limit.
        while !ids.isEmpty {
            let body = PruneRequestBody(ids: Array(ids.prefix(Self.idsPerRequest)))
            ended += try session.allocations.prune(body).allocations
            ids = ids.dropFirst(Self.idsPerRequest)
        }
        try show(PruneBody(dryRun: false, allocations: ended), "ended")
    }

    /// Ids have at most 19 digits, and a body at most 64 KB.
    private static let idsPerRequest = 3000

    private func show(_ body: PruneBody, _ verb: String) throws {
        if body.allocations.isEmpty && !json { return Output.note("nothing to prune: no allocation waits for its end") }
        let lines = body.allocations.map(\.pruneLine) + ["\(body.count) \(Self.noun(body.count)) \(verb)"]
        try Output.result(body, asJSON: json, text: lines.joined(separator: "\n"))
    }

    /// Shows what would end and asks. Throws ``Failure`` when the answer is not yes, or when there is no terminal.
    private func confirm(_ body: PruneBody) throws {
        for allocation in body.allocations { Output.note(allocation.pruneLine) }
        guard Terminal.isInteractive else {
            throw Failure(
                "\(body.count) \(Self.noun(body.count)) would end, and there is no terminal to ask on",
                hint: "portctl prune --yes ends them, --dry-run only shows them",
                code: "not_confirmed"
            )
        }
        try Terminal.confirm("end \(body.count) \(Self.noun(body.count))?", otherwise: "nothing was ended")
    }

    private static func noun(_ count: Int) -> String { count == 1 ? "allocation" : "allocations" }
}

extension AllocationBody {
    /// The port, whose it is, and why it may end.
    fileprivate var pruneLine: String {
        let owners = (holds ?? []).compactMap(\.ownerPID).map { "\($0)" }
        let exits =
            owners.count == 1
            ? "process \(owners[0]) has ended" : "processes \(owners.joined(separator: ", ")) have ended"
        let place = directory.map { " in \($0.oneLine)" } ?? ""
        return "port \(port) of \(name.oneLine)\(place): \(exits)"
    }
}
