import ArgumentParser
import PortAPI

struct ListPorts: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list-ports",
        abstract: "List every port assignment of this machine.",
        discussion: "✅ the owner lives, or there is none; 💀 the owner has ended and the port will come back."
    )

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws {
        let answer = try Session().send("GET", Paths.projectPorts, as: ProjectPortsBody.self)
        try Output.result(answer, asJSON: json, text: answer.table)
    }
}

extension ProjectPortsBody {
    /// Seed 004's listing.
    var table: String {
        let rows = ports.map { entry in
            let pid = entry.pid.map(String.init) ?? "-"
            let mark = entry.alive ? "✅" : "💀"
            return "\(entry.port) | \(entry.project) | PID:\(pid) | \(mark) | \(entry.ageMinutes)m ago"
        }
        let head = ["PORTCTL - Active Port Assignments", String(repeating: "=", count: 60), ""]
        return (head + rows + ["", "Total: \(count) port(s)"]).joined(separator: "\n")
    }
}
