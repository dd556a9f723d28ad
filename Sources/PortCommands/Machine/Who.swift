import ArgumentParser
import PortAPI
import PortClient
import PortModel

struct Who: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show which process listens on a port.",
        discussion: """
            A NAME is looked up as by "portctl lookup". Exit code 1 if nobody listens. Details that the kernel hides \
            from this user are shown as unknown. PORT/udp shows who has the UDP port, with exit code 1 if nobody has; \
            without a protocol, that is shown too, but as text only, and the exit code is about TCP.
            """
    )

    @Argument(help: "Port number, as in 53 or 53/udp, or name of a service.", transform: PortTarget.init)
    var port: PortTarget

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws {
        let session = try Session()
        let ports = try port.ports(session)
        if port.transport == .udp { return try showUDPSockets(on: ports, session) }
        let listeners = try ports.flatMap { port in
            try session.ports.listeners(on: port)
        }
        var lines =
            listeners.isEmpty ? ports.map { "nobody listens on port \($0)" } : listeners.map(\.summary)
        if port.transport == nil && !json { lines += try ports.flatMap(session.ports.udpSockets).map(\.summary) }
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

    private func showUDPSockets(on ports: [Int], _ session: Session) throws {
        let sockets = try ports.flatMap(session.ports.udpSockets)
        let lines = sockets.isEmpty ? ports.map { "nobody has UDP port \($0)" } : sockets.map(\.summary)
        try Output.result(sockets, asJSON: json, text: lines.joined(separator: "\n"))
        if sockets.isEmpty { throw SilentFailure() }
    }
}

extension ListenerBody {
    /// A description of the socket, with a line for each process.
    fileprivate var summary: String {
        var lines: [String] = []
        let verb = transport == "udp" ? "has UDP port" : "listens on"
        for process in processes {
            let project = project.map { ", project \($0.oneLine)" } ?? ""
            lines.append(
                "\(process.description.oneLine) \(verb) \(endpoint)\(process.place)\(project)\(process.stoppedMark)"
            )
            if !process.command.isEmpty { lines.append("  command: \(process.command.joined(separator: " ").oneLine)") }
            if let forwards = process.forwards { lines.append("  it forwards for others: \(forwards.oneLine)") }
            if let parent = process.parent { lines.append("  parent: \(parent.description.oneLine)") }
        }
        if processes.isEmpty {
            lines.append("a process of user id \(userID) \(verb) \(endpoint); which one is unknown")
        }
        if let allocation {
            // The verdict is one on the listeners of the port, and one that is proven needs no words.
            let isSilent = transport == "udp" || allocation.verdict == "mine"
            let verdict = isSilent ? "" : allocation.verdict.map { ": \($0)" } ?? ""
            let reason = isSilent ? "" : allocation.reason.map { ", \($0.oneLine)" } ?? ""
            let drift = allocation.actualPort.map { _ in ", whose own port is \(allocation.port)" } ?? ""
            lines.append("  allocated to \(allocation.name) (id=\(allocation.id))\(drift)\(verdict)\(reason)")
        }
        return lines.joined(separator: "\n")
    }
}
