import ArgumentParser
import PortAPI
import PortClient
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
        let answer = try session.ports.check(port)
        Output.warn(answer.warnings)
        let text =
            if let holder = answer.holder {
                "port \(port) is allocated to \(holder.name) (id=\(holder.id))"
            } else if answer.available {
                "port \(port) is available"
            } else {
                "port \(port) is in use on system"
            }
        try Output.result(answer, asJSON: json, text: text)
        if !json {
            // Beside the result, which is one line in the original portctl.
            let lines = (answer.listeners ?? []).map(\.sentence) + answer.useLines
            for line in lines { Output.note("  \(line)") }
            if lines.isEmpty && answer.inUse { Output.note("  nobody listens on it, but a socket is bound to it") }
        }
        if !answer.available { throw SilentFailure() }
    }
}

extension ListenerBody {
    /// Who listens, and whether that is the service that has the port.
    fileprivate var sentence: String {
        let project = project.map { " (project \($0.oneLine))" } ?? ""
        let names = processes.map { process in
            "\(process.description.oneLine)\(process.place)\(project)\(process.stoppedMark)"
        }
        let who = names.isEmpty ? "an unknown process of user id \(userID)" : names.joined(separator: " and ")
        let verb = names.count > 1 ? "listen" : "listens"
        let holder = allocation.flatMap { $0.state == "conflict" ? $0.name.oneLine : nil }
        let foreign = holder.map { ", but does not belong to \($0)" } ?? ""
        return "\(who) \(verb) on it\(foreign): portctl who \(port)"
    }
}
