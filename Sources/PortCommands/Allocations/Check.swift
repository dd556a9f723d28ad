import ArgumentParser
import PortAPI

struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check whether a port is available.",
        discussion: "Exit code 0 if the port is available, 1 if it is allocated, in use, or an error occurs."
    )

    @Option(parsing: .unconditional, help: "Port number to check.", transform: PortArgument.required)
    var port: Int

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws {
        let answer = try Session().send("GET", Paths.port(port), as: PortBody.self)
        for warning in answer.warnings ?? [] { Output.note("warning: \(warning)") }
        let text =
            if let holder = answer.holder {
                "port \(port) is allocated to \(holder.name) (id=\(holder.id))"
            } else if answer.available {
                "port \(port) is available"
            } else {
                "port \(port) is in use on system"
            }
        try Output.result(answer, asJSON: json, text: text)
        if !json { for line in answer.useLines { Output.note("  \(line)") } }
        if !answer.available { throw SilentFailure() }
    }
}
