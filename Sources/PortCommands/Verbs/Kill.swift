internal import ArgumentParser
internal import PortAPI
internal import PortSystem

struct Kill: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "End the process that listens on a port.",
        discussion: """
            Only the process that has the listening socket, never a client of the port, and it must still be the one \
            that is shown. SIGTERM first; success means that the port is closed. Asks before it ends what does not run \
            in this project's folder.
            """
    )

    @Argument(help: "Port number.", transform: PortArgument.required)
    var port: Int

    @Option(parsing: .unconditional, help: "Which process, when several listen.")
    var pid: Int?

    @Flag(help: "SIGKILL when SIGTERM does not close the port within three seconds.")
    var force = false

    @Flag(help: "Do not ask.")
    var yes = false

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws {
        let session = try Session()
        let victim = try session.ask(
            "POST",
            Paths.kill(port),
            body: KillRequestBody(pid: pid, dryRun: true),
            as: KillBody.self
        ).process
        if !yes && !isOwn(victim) { try confirm(victim) }
        // The process that was seen, and no other that may have come in its place.
        let answer = try session.ask(
            "POST",
            Paths.kill(port),
            body: KillRequestBody(pid: Int(victim.pid), force: force ? true : nil),
            as: KillBody.self
        )
        try Output.result(
            answer,
            asJSON: json,
            text: "killed \(victim.description.oneLine): port \(port) is closed (\(answer.signal ?? "SIGTERM"))"
        )
    }

    /// Whether the process runs in the checkout that this command was typed in.
    private func isOwn(_ victim: ProcessBody) -> Bool {
        guard let here = CurrentProcess.folder, let folder = victim.folder else { return false }
        let checkout = ProjectDetector().project(at: here).folder
        return folder == checkout || folder.hasPrefix(checkout == "/" ? "/" : checkout + "/")
    }

    private func confirm(_ victim: ProcessBody) throws {
        let place = victim.folder.map { " in \($0.oneLine)" } ?? ""
        let who = "\(victim.description.oneLine)\(place)"
        guard CurrentProcess.canAsk else {
            throw Failure("\(who) is not of this project", hint: "--yes ends it all the same")
        }
        Output.note("end \(who), which listens on port \(port)? [y/N]")
        guard let answer = readLine(), ["y", "yes"].contains(answer.lowercased()) else {
            throw Failure("nothing was ended")
        }
    }
}
