import ArgumentParser
import PortAPI
import PortModel
import PortSystem

struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a command with its own port in $PORT.",
        usage: "portctl run [NAME] [options] -- COMMAND [ARGUMENTS...]",
        discussion: """
            The command replaces portctl, with the same process id, terminal, signals and exit code. It holds the port \
            while it runs; the port is released automatically when it exits. In the arguments, $PORT, ${PORT} and \
            {port} are replaced by the number; {port} needs no quotes. Exit code 127 if the command is not found, 126 \
            if it cannot be executed, 1 if no port can be allocated.

            A development server that does not follow PORT, such as Vite or Flask, gets its port flag, unless the \
            command names a port itself. What is added is printed. Scripts, such as those of npm run, stay as they are.
            """
    )

    @Argument(help: "Service of the current project, or app/instance/service. (default: default)")
    var name: String?

    @OptionGroup var project: ProjectOptions

    @Option(name: .customLong("env-name"), help: "Environment variable to set instead of PORT; may be repeated.")
    var environmentNames: [String] = []

    @Option(
        parsing: .unconditional,
        help: "Time to live in seconds, shown with the lease; the port is held until the command exits."
    )
    var ttl: Int?

    @Option(parsing: .unconditional, help: "Port to run on; 0 = auto-assign.", transform: PortArgument.optional)
    var port: Int?

    @Flag(
        name: .customLong("port-from-env"),
        help: "Run on the port that the caller chose and passed in PORT. The service moves to it from another port."
    )
    var takesPortFromEnvironment = false

    @Flag(help: "Fail instead of choosing another port if the service's port is taken.")
    var strict = false

    @Option(
        help: ArgumentHelp("Services to wait for first, 60 seconds at most, separated by commas.", valueName: "names")
    )
    var waitFor: String?

    @Flag(help: "Leave the command as it is: add no port flag for a tool that does not follow PORT.")
    var noFlags = false

    @Flag(help: "Print nothing unless something goes wrong.")
    var quiet = false

    @Argument(parsing: .postTerminator, help: ArgumentHelp("Command to run, with its arguments.", valueName: "command"))
    var command: [String] = []

    func validate() throws {
        guard !command.isEmpty, command[0] != "" else {
            throw ValidationError("put the command after --, as in: portctl run web -- npm start")
        }
        guard port == nil || !takesPortFromEnvironment else {
            throw ValidationError("--port and --port-from-env cannot be combined: both name the port")
        }
        if let waitFor, waitFor.split(separator: ",", omittingEmptySubsequences: false).contains(where: \.isEmpty) {
            throw ValidationError("--wait-for needs names that are separated by commas, as in: --wait-for db,api")
        }
        for name in environmentNames where !Self.isVariable(name) {
            throw ValidationError("\"\(name)\" is not a valid variable name")
        }
    }

    /// Whether shells accept `name` as a variable: ASCII letters, digits and underscores, and no digit first.
    private static func isVariable(_ name: String) -> Bool {
        name.first.map { !$0.isNumber } ?? false
            && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    }

    func run() throws {
        // Byte for byte, because file names need not be UTF-8.
        let words = CurrentProcess.lastArguments(command.count)
        // Check the command first, so that no port is allocated for a command that cannot run.
        switch Execution.search(words[0]) {
        case .found: break
        case .notFound: throw Failure("\(command[0]): command not found", exitCode: 127)
        case .notExecutable: throw Failure("\(command[0]): cannot be executed", exitCode: 126)
        case .interpreterNotFound(let name):
            // As shells do: execve(2) reports it like a command that is not found.
            throw Failure(
                "\(command[0]): its interpreter \(name.oneLine) does not exist",
                hint: name.hasSuffix("\r") ? "its lines end in CR LF, as on Windows: remove the CR" : nil,
                exitCode: 127
            )
        }
        let target = try ServiceArgument(
            name ?? ServiceArgument.defaultService,
            options: project,
            portUsage: "portctl run NAME --port PORT -- COMMAND"
        )
        var body = target.body
        body.face = Face.leases.rawValue
        body.exclusive = true
        body.port = takesPortFromEnvironment ? try Self.portFromEnvironment() : port ?? 0
        if takesPortFromEnvironment { body.move = true }
        body.variables = true
        if strict { body.strict = true }
        body.ownerPID = Int(CurrentProcess.pid)
        body.ttlSeconds = ttl
        try waitForServices(before: target)
        let allocation = try Session(quiet: quiet).allocate(body)
        let number = "\(allocation.port)"
        let variables = environmentNames.isEmpty ? ["PORT"] : environmentNames
        if !quiet { Output.note("Allocated port \(number) for service '\(target.service)'") }
        let complete = addingPortFlag(to: words, number: number, variables: variables, service: target.service)
        let arguments = complete.dropFirst().map { PortPlaceholder.filled($0, with: number) }
        if !quiet {
            let settings = variables.map { "\($0)=\(number)" }.joined(separator: " ")
            let shown = CommandLineSecrets.removed(
                from: [command[0]] + arguments.map { String(decoding: $0, as: UTF8.self) }
            ).dropFirst()
            Output.note("Running: \(command[0]) \(shown) with \(settings)")
        }
        // This process owns the hold. execve(2) keeps the pid, so the command owns it afterwards.
        let error = Execution.become(
            [words[0]] + arguments,
            environment: Self.environment(of: allocation, portVariables: variables)
        )
        throw Failure("\(command[0]): \(error.reason)", exitCode: error.isCommandNotFound ? 127 : 126)
    }

    /// Returns the port in PORT, which the caller chose. Throws ``Failure`` when there is none.
    private static func portFromEnvironment() throws -> Int {
        guard let text = Environment.value("PORT") else {
            throw Failure(
                "PORT is not set",
                hint: "--port-from-env takes the port that the caller chose from PORT; without it, portctl chooses one",
                code: RegistryError.Code.invalidPort.rawValue,
                subject: "PORT"
            )
        }
        guard let port = Port(text) else {
            throw Failure(
                "PORT is \"\(text.oneLine)\", which is not a port",
                hint: "ports are numbers from 1 to 65535",
                code: RegistryError.Code.invalidPort.rawValue,
                subject: "PORT"
            )
        }
        return Int(port.number)
    }

    /// Returns the variables that are set for the command, beside those that it inherits.
    private static func environment(
        of allocation: AllocationBody,
        portVariables: [String]
    ) -> [(name: String, value: String)] {
        (allocation.mark.map { [(ServiceMark.variable, $0)] } ?? [])
            + portVariables.map { ($0, "\(allocation.port)") }
            + serviceVariables(allocation, besides: portVariables)
    }

    /// Returns the variables that name the ports of the project's services, without `names` and those that the caller
    /// has set. Prints a warning when one that is set names another port.
    private static func serviceVariables(
        _ allocation: AllocationBody,
        besides names: [String]
    ) -> [(name: String, value: String)] {
        (allocation.variables ?? [:]).sorted { $0.key < $1.key }.compactMap { name, port in
            // Whatever answers as the daemon must not be able to set a variable that steers programs.
            guard name.hasPrefix("PORTCTL_"), name.hasSuffix("_PORT"), !names.contains(name) else { return nil }
            guard Environment.hasVariable(name) else { return (name, port) }
            let value = Environment.value(name) ?? ""
            if value != port {
                Output.warn(["\(name) is set to \"\(value.oneLine)\" already and stays, but the port is \(port)"])
            }
            return nil
        }
    }

    /// Seconds that the services of --wait-for have to begin to listen.
    private static let waitTimeout = 60

    /// Waits for the services of --wait-for before `target` starts. Throws ``Failure`` with exit code 1, because the
    /// command was not started.
    private func waitForServices(before target: ServiceArgument) throws {
        guard let waitFor else { return }
        let names = waitFor.split(separator: ",").map { String($0) }
        if let own = names.first(where: target.isNamed) {
            throw Failure(
                "\(own.oneLine) cannot wait for itself: it listens only after its command was started",
                hint: "leave it out of --wait-for",
                code: RegistryError.Code.invalidRequest.rawValue,
                subject: own
            )
        }
        do {
            let waiting = try ServiceWaiting(
                names,
                options: project,
                timeout: .seconds(Self.waitTimeout),
                quiet: quiet
            )
            if !quiet {
                let list = names.map(\.oneLine).joined(separator: ", ")
                Output.note("Waiting for \(list), \(Self.waitTimeout) seconds at most")
            }
            _ = try waiting.run()
        } catch let failure as Failure {
            throw Failure(failure.message, hint: failure.hint, code: failure.code, subject: failure.subject)
        }
    }

    /// Returns the words of the command with the port flag that its tool needs, and prints what it adds. With other
    /// variables than PORT, the caller says how the number reaches the command.
    private func addingPortFlag(
        to words: [[UInt8]],
        number: String,
        variables: [String],
        service: String
    ) -> [[UInt8]] {
        guard !noFlags, variables.contains("PORT"), let port = Port(number) else { return words }
        let flags = PortFlags(words, port: port)
        guard let tool = flags.tool else { return words }
        if let other = flags.otherPort {
            Output.warn(["the command names port \(other) itself, and not \(number), the port of '\(service)'"])
        }
        if !flags.added.isEmpty, !quiet {
            let text = flags.added.joined(separator: " ")
            Output.note("Added \(text), because \(tool) does not follow PORT; --no-flags adds nothing")
        }
        return flags.words
    }
}
