import ArgumentParser
import PortAPI
import PortClient

struct ListPorts: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list-ports",
        abstract: "List all port assignments of this machine.",
        discussion: "✅ the owner is alive, or there is none; 💀 the owner has exited and the port will be released.",
        version: Program.listPorts.version
    )

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws {
        let answer = try Session().projects.ports()
        try Output.result(answer, asJSON: json, text: answer.table)
    }
}

extension ProjectPortsBody {
    /// The listing in the format of the original `list-ports`.
    var table: String {
        let rows = ports.map { entry in
            let pid = entry.pid.map(String.init) ?? "-"
            let mark = entry.alive ? "✅" : "💀"
            let port = AllocationBody.portText(entry.port, actual: entry.actualPort)
            return "\(port) | \(entry.project) | PID:\(pid) | \(mark) | \(entry.ageMinutes)m ago"
        }
        let head = ["PORTCTL - Active Port Assignments", String(repeating: "=", count: 60), ""]
        return (head + rows + ["", "Total: \(count) port(s)"]).joined(separator: "\n")
    }
}
