import ArgumentParser
import PortAPI
import PortModel

struct Kill: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "End the process that listens on a port.",
        discussion: """
            Only the process that has the listening socket, never a client of the port, and it must still be the one \
            that is shown. SIGTERM first; success means that the port is closed. Asks before it ends what does not run \
            in this project's directory.
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
        let target = try session.send(
            "POST",
            Paths.kill(port),
            body: KillRequestBody(pid: pid, dryRun: true),
            as: KillBody.self
        ).process
        if !yes { try KillTarget(process: target, port: port).confirm() }
        // The process that was seen, and no other that may have come in its place.
        let answer = try session.send(
            "POST",
            Paths.kill(port),
            body: KillRequestBody(pid: Int(target.pid), force: force ? true : nil),
            as: KillBody.self
        )
        try Output.result(
            answer,
            asJSON: json,
            text: "killed \(target.description.oneLine): port \(port) is closed (\(answer.signal ?? "SIGTERM"))"
        )
    }
}
