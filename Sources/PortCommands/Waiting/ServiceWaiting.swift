import PortAPI
import PortClient
import PortModel
import PortSystem

/// Waits for services: the daemon looks, and answers when all of them listen.
struct ServiceWaiting {
    private let session: Session
    /// For every request but the first: somebody may have stopped the daemon on purpose.
    private let later: Session
    private let body: WaitRequestBody
    private let deadline: ContinuousClock.Instant
    private let timeout: Duration

    /// How long one request takes at most, in milliseconds: less than the time after which the client takes the daemon
    /// for one that hangs.
    private static let longestRequest = 8_000

    /// Throws ``Failure`` for a malformed name or a number.
    init(_ names: [String], options: ProjectOptions, timeout: Duration, quiet: Bool = false) throws {
        session = try Session(quiet: quiet)
        later = try Session(quiet: quiet, startsDaemon: false)
        deadline = ContinuousClock.now + timeout
        self.timeout = timeout
        if let number = names.first(where: \.isNumber) {
            let hint = "give the name of its service: portctl who \(number) prints it"
            throw ServiceArgument.isNumber(number, hint: hint)
        }
        let scope = try options.resolved()
        // In their order, but each once.
        var seen: Set<String> = []
        let names = names.filter { seen.insert($0).inserted }
        body = WaitRequestBody(names: names, app: scope.app, instance: scope.instance, project: scope.directories)
    }

    /// Returns when all services listen. Throws ``Failure`` when the time is up, or the owner of one exits first.
    func run() throws -> WaitBody {
        var request = body
        var session = session
        while true {
            let rest = deadline - ContinuousClock.now
            request.timeoutMilliseconds = max(0, min(Self.longestRequest, Int(rest / .milliseconds(1))))
            let answer = try answer(to: request, session)
            session = later
            if let exited = answer.services.first(where: { $0.status == "exited" }) { throw exited.exitedFailure }
            if answer.status == "ready" {
                for service in answer.services { service.explainUnknown() }
                return answer
            }
            guard rest > .zero else { throw Self.timeoutFailure(answer, after: timeout) }
            let owners = answer.services.compactMap { service in service.ownerPID.map { (service.name, $0) } }
            request.owners = (request.owners ?? [:]).merging(owners) { $1 }
        }
    }

    /// Sends a request, and again while the daemon is being restarted.
    private func answer(to request: WaitRequestBody, _ session: Session) throws(Failure) -> WaitBody {
        let end = min(deadline, .now + Self.restart)
        var session = session
        while true {
            do {
                return try session.services.wait(request)
            } catch {
                guard ["connection_lost", "not_running"].contains(error.code), ContinuousClock.now < end else {
                    throw error
                }
                CurrentProcess.pause(milliseconds: 100)
                session = later
            }
        }
    }

    /// How long a daemon that has gone may take to be back.
    private static let restart = Duration.seconds(5)

    /// Returns when each service answers a GET of `path` with a status below 500. Throws ``Failure`` when the time is
    /// up, or another server has the port meanwhile.
    func untilAnswered(_ path: String, _ answer: WaitBody) throws -> WaitBody {
        var answer = answer
        for index in answer.services.indices {
            var status: Int?
            while true {
                if let listener = answer.services[index].port?.listeners.first {
                    status = HTTPStatus.get(path, from: listener.host, port: listener.port, before: deadline)
                    if let status, status < 500 { break }
                }
                let name = answer.services[index].name
                guard ContinuousClock.now < deadline else {
                    throw Failure(
                        "\(name.oneLine) listens, but does not answer GET \(path.oneLine)"
                            + (status.map { ": its last answer was \($0)" } ?? ""),
                        exitCode: AnswerCode.timeout,
                        code: "timeout",
                        subject: name
                    )
                }
                CurrentProcess.pause(milliseconds: Self.httpInterval)
                // What listens may be another server by now.
                answer = try run()
            }
        }
        return answer
    }

    /// Milliseconds between two requests to a service.
    private static let httpInterval: Int32 = 100

    private static func timeoutFailure(_ answer: WaitBody, after timeout: Duration) -> Failure {
        let missing = answer.services.filter { $0.status == "waiting" }
        let isForeign = missing.contains { $0.port?.verdict == "foreign" }
        let list = missing.first { $0.port == nil && $0.name.contains(",") }?.name.replacing(",", with: " ")
        let seconds = timeout.components.seconds
        return Failure(
            "after \(seconds) second\(seconds == 1 ? "" : "s"): " + missing.map(\.obstacle).joined(separator: "; "),
            hint: missing.lazy.compactMap { $0.port?.cure }.first?.trimmingSpaces()
                ?? list.map { "several names are separated by spaces: portctl wait \($0)" },
            exitCode: isForeign ? AnswerCode.foreign : AnswerCode.timeout,
            code: isForeign ? "foreign" : "timeout",
            subject: missing.first?.name
        )
    }
}

extension WaitedServiceBody {
    fileprivate var exitedFailure: Failure {
        Failure(
            "process \(exitedPID.map(String.init) ?? ""), which held the port of \(name.oneLine), has ended; "
                + "nobody listens",
            code: "owner_exited",
            subject: name
        )
    }

    /// Why the service is still waited for.
    fileprivate var obstacle: String {
        guard let port else { return "\(name.oneLine) has no port yet" }
        if let actual = port.actualPort {
            return "\(name.oneLine) listens on port \(actual) instead of its own, \(port.port)"
        }
        guard port.verdict == "foreign" else { return "nobody listens on port \(port.port) of \(name.oneLine)" }
        return port.sentence.prefix { !$0.isNewline }.description
    }

    /// Says that nothing proves whose server listens.
    fileprivate func explainUnknown() {
        guard let port, port.verdict == "unknown" else { return }
        Output.note("warning: nothing proves that it is the right server: \(port.sentence)")
    }
}

extension ListenerVerdictBody {
    /// A numeric address that connections reach the listener by.
    fileprivate var host: String {
        switch address {
        case "0.0.0.0": "127.0.0.1"
        case "::": "::1"
        default: address
        }
    }
}
