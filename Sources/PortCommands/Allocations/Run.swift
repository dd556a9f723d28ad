import ArgumentParser
import PortAPI
import PortSystem

struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a command with a port of its own in $PORT.",
        usage: "portctl run [NAME] [options] -- COMMAND [ARGUMENTS...]",
        discussion: """
            The command replaces portctl: same process, terminal, signals and exit code. Its port is its own while it \
            runs, and comes back by itself. In the arguments, the texts $PORT, ${PORT} and {port} become the number; \
            {port} needs no quotes. Exit codes: the command's; 127 when it is not found, 126 when it cannot be \
            executed, 1 when there is no port.
            """
    )

    @Argument(help: "Service of the current project, or app/instance/service. (default: default)")
    var name: String?

    @OptionGroup var project: ProjectOptions

    @Option(name: .customLong("env-name"), help: "Variable to set instead of PORT; may be repeated.")
    var environmentNames: [String] = []

    @Option(parsing: .unconditional, help: "Time to live in seconds; it does not run while the command lives.")
    var ttl: Int?

    @Option(parsing: .unconditional, help: "Port to run on; 0 = choose.", transform: PortArgument.optional)
    var port = 0

    @Flag(help: "Fail instead of moving when the service's port is taken.")
    var strict = false

    @Flag(help: "Say nothing unless something is wrong.")
    var quiet = false

    @Argument(parsing: .postTerminator, help: ArgumentHelp("The command and its arguments.", valueName: "command"))
    var command: [String] = []

    func validate() throws {
        guard !command.isEmpty, command[0] != "" else {
            throw ValidationError("the command belongs behind --, as in: portctl run web -- npm start")
        }
        for name in environmentNames where !Self.isVariable(name) {
            throw ValidationError("\"\(name)\" is no name of a variable")
        }
    }

    /// Letters, digits and underscores, not beginning with a digit, as shells have it.
    private static func isVariable(_ name: String) -> Bool {
        name.first.map { !$0.isNumber } ?? false
            && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    }

    func run() throws {
        // As they were given: a file's name may be no UTF-8.
        let words = CurrentProcess.lastArguments(command.count)
        // Before a port is taken that nobody would use.
        switch Execution.search(words[0]) {
        case .found: break
        case .notFound: throw Failure("\(command[0]): command not found", exitCode: 127)
        case .notExecutable: throw Failure("\(command[0]): cannot be executed", exitCode: 126)
        }
        let target = try ServiceArgument(name ?? ServiceArgument.defaultService, options: project)
        var body = target.body
        body.face = "leases"
        body.exclusive = true
        body.port = port
        if strict { body.strict = true }
        body.ownerPID = Int(CurrentProcess.pid)
        body.ttlSeconds = ttl
        let number = "\(try Session(quiet: quiet).allocate(body, for: target.project).port)"
        let variables = environmentNames.isEmpty ? ["PORT"] : environmentNames
        let arguments = words.dropFirst().map { PortPlaceholder.filled($0, with: number) }
        if !quiet {
            let settings = variables.map { "\($0)=\(number)" }.joined(separator: " ")
            let shown = arguments.map { String(decoding: $0, as: UTF8.self) }
            Output.note("Allocated port \(number) for service '\(target.service)'")
            Output.note("Running: \(command[0]) \(shown) with \(settings)")
        }
        // The hold is this process's, and so the command's.
        let error = Execution.become([words[0]] + arguments, environment: variables.map { ($0, number) })
        throw Failure("\(command[0]): \(error.reason)", exitCode: error.isCommandNotFound ? 127 : 126)
    }
}
