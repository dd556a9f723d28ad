import ArgumentParser
import PortAPI
import PortClient
import PortModel

struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check that what listens is the right server.",
        discussion: """
            Prints whose the listening process is, and why. A NAME is a service of the current project, and never \
            another's; a port or a URL is asked for the current project: is it one of its services? Without \
            argument, all services of the current project are checked. Nothing is connected to. Exit code 0: the \
            process is proven to be the service's own; 2: that is not known; 3: it is another server; 4: nobody \
            listens; 1: the check failed.
            """
    )

    @Argument(help: ArgumentHelp("Service, port or URL.", valueName: "name"), transform: VerifyTarget.init)
    var target: VerifyTarget?

    @OptionGroup var project: ProjectOptions

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws {
        let session = try Session()
        let verdict = try (target ?? .project).verdict(session, in: project)
        let none = verdict.ports.isEmpty ? ["none: the project has no services"] : []
        let sentences = none + verdict.ports.map(\.sentence)
        try Output.result(verdict, asJSON: json, text: sentences.joined(separator: "\n"))
        if !json, let cure = verdict.cure { Output.note(cure) }
        let code = AnswerCode.of(verdict: verdict.verdict)
        if code != 0 { throw SilentFailure(exitCode: code) }
    }
}

/// What is verified.
enum VerifyTarget: Sendable {
    case service(String)
    /// A port, and the address through which it is reached; `nil` for localhost.
    case port(Int, address: String?)
    /// All services of the project.
    case project

    /// Parses a port, a URL of this machine, or a NAME. Throws `ValidationError`.
    @Sendable init(_ text: String) throws {
        if text.isEmpty { throw ValidationError("a port, a URL or the name of a service is missing") }
        if text.lowercased().hasSuffix("/udp"), text.dropLast(4).description.isNumber {
            throw ValidationError("verify is about TCP; who has the UDP port: portctl who \(text)")
        }
        if text.isNumber {
            self = .port(try PortArgument.required(text), address: nil)
        } else if let url = try LocalURL(text) {
            self = .port(url.port, address: url.host)
        } else {
            self = .service(text)
        }
    }

    /// Asks the daemon. Throws ``Failure``.
    func verdict(_ session: Session, in options: ProjectOptions) throws -> VerdictBody {
        switch self {
        case .service(let name):
            let scope = try ServiceArgument(name, options: options)
            return try Self.hinting(name) { try session.services.verdict(on: scope.service, in: scope.project.scope) }
        case .port(let port, let address):
            return try session.ports.verdict(on: port, try options.resolved().query(through: address))
        case .project:
            let scope = try options.resolved()
            return try session.services.verdicts(scope.query(through: nil))
        }
    }
}

extension VerifyTarget {
    /// Makes the request about the service `name`. For one that is not there, the failure says how to start it.
    private static func hinting(_ name: String, _ request: () throws -> VerdictBody) throws -> VerdictBody {
        do {
            return try request()
        } catch let failure as Failure where failure.code == RegistryError.Code.serviceNotFound.rawValue {
            throw failure.hinting(
                "portctl run \(name.shellQuoted) -- COMMAND starts it; portctl list --all shows every service"
            )
        }
    }
}

extension ProjectScope {
    /// Asks for the project, whose ports are reached through `address`; `nil` for localhost.
    fileprivate func query(through address: String?) -> VerdictQuery {
        VerdictQuery(app: app, instance: instance, project: directories, address: address)
    }
}
