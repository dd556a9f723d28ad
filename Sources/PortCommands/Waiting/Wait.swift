import ArgumentParser
import PortAPI
import PortModel

struct Wait: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Wait until services listen.",
        discussion: """
            Returns when each service's own server listens on its port, on whichever address. Nothing is connected \
            to, unless --http asks for it. A service without a port is waited for; another server on the port \
            does not count. Exit code 5 when the time is up, 3 when another server has the port then, 1 at once when \
            the process that holds the port ends before it listens.
            """
    )

    @Argument(help: ArgumentHelp("Services of the current project, or app/instance/service.", valueName: "name"))
    var names: [String]

    @OptionGroup var project: ProjectOptions

    @Option(parsing: .unconditional, help: "Seconds to wait at most.")
    var timeout = 60

    @Option(help: ArgumentHelp("Also wait until GET of this path answers with a status below 500.", valueName: "path"))
    var http: String?

    @Flag(help: "Output as JSON.")
    var json = false

    func validate() throws {
        guard (0...86_400).contains(timeout) else {
            throw ValidationError("--timeout must be between 0 and 86400 seconds")
        }
        if let http, !http.hasPrefix("/") { throw ValidationError("--http needs a path that begins with /") }
        if names.contains("") { throw ValidationError("the name of a service is missing") }
    }

    func run() throws {
        let waiting = try ServiceWaiting(names, options: project, timeout: .seconds(timeout))
        var answer = try waiting.run()
        if let http { answer = try waiting.untilAnswered(http, answer) }
        let lines = answer.services.compactMap(\.sentence)
        try Output.result(answer, asJSON: json, text: lines.joined(separator: "\n"))
    }
}

extension WaitedServiceBody {
    /// Where the service listens.
    fileprivate var sentence: String? {
        guard let port, let listener = port.listeners.first else { return nil }
        return "\(name.oneLine) listens on \(listener.endpoint)"
    }
}
