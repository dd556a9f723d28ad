import ArgumentParser
import PortAPI
import PortClient
import PortModel

struct Who: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show which process listens on a port.",
        discussion: """
            A NAME is looked up as by "portctl lookup". Exit code 1 if nobody listens. Details that the kernel hides \
            from this user are shown as unknown.
            """
    )

    @Argument(help: "Port number or name of a service.", transform: PortTarget.init)
    var port: PortTarget

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws {
        let session = try Session()
        let ports = try port.ports(session)
        let listeners = try ports.flatMap { port in
            try session.ports.listeners(on: port)
        }
        let lines =
            listeners.isEmpty ? ports.map { "nobody listens on port \($0)" } : listeners.map(\.summary)
        try Output.result(listeners, asJSON: json, text: lines.joined(separator: "\n"))
        if listeners.isEmpty {
            // Why a server cannot have the port all the same.
            for port in ports {
                let answer = try session.ports.check(port)
                for line in answer.useLines { Output.note("  \(line)") }
            }
            throw SilentFailure()
        }
    }
}

extension ListenerBody {
    /// A description of the socket, with a line for each process.
    fileprivate var summary: String {
        var lines: [String] = []
        for process in processes {
            let project = project.map { ", project \($0.oneLine)" } ?? ""
            lines.append(
                "\(process.description.oneLine) listens on \(endpoint)\(process.place)\(project)\(process.stoppedMark)"
            )
            if !process.command.isEmpty { lines.append("  command: \(process.command.joined(separator: " ").oneLine)") }
            if let forwards = process.forwards { lines.append("  it forwards for others: \(forwards.oneLine)") }
            if let parent = process.parent { lines.append("  parent: \(parent.description.oneLine)") }
        }
        if processes.isEmpty {
            lines.append("a process of user id \(userID) listens on \(endpoint); which one is unknown")
        }
        if let allocation {
            let isProven = allocation.verdict == "mine"
            let verdict = isProven ? "" : allocation.verdict.map { ": \($0)" } ?? ""
            let reason = isProven ? "" : allocation.reason.map { ", \($0.oneLine)" } ?? ""
            let drift = allocation.actualPort.map { _ in ", whose own port is \(allocation.port)" } ?? ""
            lines.append("  allocated to \(allocation.name) (id=\(allocation.id))\(drift)\(verdict)\(reason)")
        }
        return lines.joined(separator: "\n")
    }
}
