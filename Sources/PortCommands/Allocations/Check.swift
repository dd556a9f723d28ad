import ArgumentParser
import PortAPI
import PortModel

struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check whether a port is available.",
        discussion: "Exit code 0 if the port is available, 1 if it is allocated, in use, or an error occurs."
    )

    @Argument(help: ArgumentHelp("Port number to check.", valueName: "port"), transform: PortArgument.required)
    var number: Int?

    @Option(parsing: .unconditional, help: "Port number to check.", transform: PortArgument.required)
    var port: Int?

    @Flag(help: "Output as JSON.")
    var json = false

    func validate() throws {
        if number == nil && port == nil { throw ValidationError("Missing expected argument '--port <port>'") }
        if number != nil && port != nil { throw ValidationError("give the port once: by number or with --port") }
    }

    func run() throws {
        let port = number ?? port ?? 0
        let session = try Session()
        let answer = try session.send("GET", Paths.port(port), as: PortBody.self)
        for warning in answer.warnings ?? [] { Output.note("warning: \(warning)") }
        let text =
            if let holder = answer.holder {
                "port \(port) is allocated to \(holder.name) (id=\(holder.id))"
            } else if answer.available {
                "port \(port) is available"
            } else {
                "port \(port) is in use on system"
            }
        let path = Paths.listeners + Paths.query([("port", "\(port)")])
        let listeners = answer.inUse ? try session.send("GET", path, as: [ListenerBody].self) : nil
        try Output.result(Answer(port: answer, listeners: listeners), asJSON: json, text: text)
        if let listeners, !json {
            // Beside the result, which is one line in the original portctl.
            let lines = listeners.flatMap(\.users) + answer.useLines
            for line in lines { Output.note("  \(line)") }
            if !listeners.isEmpty { Output.note("  more about it: portctl who \(port)") }
            if lines.isEmpty { Output.note("  nobody listens on it, but a socket is bound to it") }
        }
        if !answer.available { throw SilentFailure() }
    }

    /// The port, with the sockets that listen on it.
    private struct Answer: Encodable {
        var port: PortBody
        var listeners: [ListenerBody]?

        enum CodingKeys: CodingKey { case listeners }

        func encode(to encoder: any Encoder) throws {
            try port.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encodeIfPresent(listeners, forKey: .listeners)
        }
    }
}

extension ListenerBody {
    /// A line for each process: its pid, directory and project.
    fileprivate var users: [String] {
        if processes.isEmpty { return ["a process of user id \(userID) listens on it; which one is unknown"] }
        return processes.map { process in
            let place = process.directory.map { " in \($0.oneLine)" } ?? ""
            return "\(process.description.oneLine) listens on it\(place)"
                + (project.map { ", project \($0.oneLine)" } ?? "")
        }
    }
}
