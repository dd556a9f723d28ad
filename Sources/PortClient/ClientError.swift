package import PortAPI
package import PortModel
package import PortSystem

/// A request that failed: the daemon did not respond as expected, or it refused the request.
package enum ClientError: Error, Sendable {
    /// Nothing listens at the address.
    case notRunning(ServerAddress)
    /// A sandbox denies this process sockets of the address's kind; nothing is known about the daemon.
    case sandboxed(ServerAddress, SystemError, Sandboxed)
    /// Connecting, sending or receiving failed.
    case connectionLost(ServerAddress, SystemError)
    /// The daemon did not respond within the timeout.
    case noAnswer(ServerAddress)
    /// The server closed the connection before its response was complete.
    case closed(ServerAddress)
    /// Something listens at the address, but does not respond as port-server does.
    case notOurDaemon(ServerAddress)
    /// The socket belongs to another user's process.
    case foreignDaemon(ServerAddress, uid: UInt32)
    /// The daemon ends, so that one in this process's network namespace can be started; the text gives the reason.
    case givesWay(ServerAddress, String)
    /// The daemon refused the request.
    case refused(ErrorBody)
    /// An error that was found before anything was sent.
    case local(RegistryError)
    /// A daemon runs in the home, but nothing listens on its socket; most likely the socket file was removed.
    case notListening(HomeDirectory)
    /// The home's daemon accepts connections, and provably does not work; `isStopped` if by a signal or a debugger.
    case hangs(HomeDirectory, pid: Int32, isStopped: Bool)
    /// The daemon could not be started or stopped; the text gives the reason, and the subject is its home or pid.
    case notStarted(String, subject: String, hint: String?)
}

extension ClientError {
    /// The home to retry against when a retry is safe: nothing listened, the request was not read, or it was a GET.
    /// `nil` when a retry could repeat a change or would fail in the same way.
    func homeForRetry(_ method: EndpointMethod) -> HomeDirectory? {
        switch self {
        case .notRunning(.home(let home)): home
        // The daemon closed before it had read the whole request.
        case .connectionLost(.home(let home), let error) where error.isClosedByPeer: home
        case .closed(.home(let home)) where method == .get: home
        case .givesWay(.home(let home), _): home
        default: nil
        }
    }
}

extension ClientError: CustomStringConvertible {
    /// What went wrong, in one line without a period.
    package var message: String {
        switch self {
        case .notRunning(.home): "port-server is not running"
        case .notRunning(let address): "no server at \(address)"
        case .sandboxed(.home, let error, _): "a sandbox denies this process Unix sockets: \(error.reason)"
        case .sandboxed(.tcp(let host, let port), let error, _):
            "a sandbox denies this process a connection to \(ServerAddress.authority(host: host, port: port)): "
                + error.reason
        case .connectionLost(let address, let error): "the connection to \(address) failed: \(error.reason)"
        case .closed(let address): "the server at \(address) closed the connection without an answer"
        case .noAnswer(let address): "the server at \(address) does not answer"
        case .notOurDaemon(let address): "the server at \(address) is not port-server"
        case .foreignDaemon(let address, let uid): "the server at \(address) belongs to user id \(uid)"
        case .givesWay(_, let why): why
        case .refused(let body):
            switch (RegistryError.Code(rawValue: body.code), body.holder) {
            case (.serviceAllocated, let holder?):
                "\(body.error): \(holder.name) has port \(holder.port) (id=\(holder.id))"
            case (.portAllocated, let holder?):
                "\(body.error): \(holder.port) belongs to \(holder.name) (id=\(holder.id))"
            case (.portInUse, nil): body.subject.map { "\(body.error): \($0)" } ?? body.error
            default: body.error
            }
        case .local(let error): error.message
        case .notListening(let home): "a port-server runs in \(home.path), but does not listen on \(home.socketPath)"
        case .hangs(_, let pid, let isStopped):
            "port-server (pid \(pid)) hangs: "
                + (isStopped ? "it was stopped by a signal or a debugger" : "it neither answers nor runs")
        case .notStarted(let why, _, _): why
        }
    }

    /// A stable identifier for programs, as ``RegistryError/Code`` is; a refusal has the registry's own code.
    package var code: String {
        switch self {
        case .notRunning: "not_running"
        case .sandboxed: "sandboxed"
        case .connectionLost, .closed: "connection_lost"
        case .noAnswer, .hangs: "no_answer"
        case .notOurDaemon: "not_our_daemon"
        case .foreignDaemon: "foreign_daemon"
        case .givesWay: ErrorBody.givesWayCode
        case .refused(let body): body.code
        case .local(let error): error.code.rawValue
        case .notListening, .notStarted: "not_started"
        }
    }

    /// The name, port, path or address that the error is about.
    package var subject: String? {
        switch self {
        case .notRunning(let address), .connectionLost(let address, _), .noAnswer(let address), .closed(let address),
            .notOurDaemon(let address), .foreignDaemon(let address, _), .sandboxed(let address, _, _),
            .givesWay(let address, _):
            address.description
        case .refused(let body): body.subject
        case .local(let error): error.subject
        case .notListening(let home): home.socketPath
        case .notStarted(_, let subject, _): subject
        case .hangs(_, let pid, _): "\(pid)"
        }
    }

    /// What to do about it in plain words; several lines when a refusal names candidates.
    package var hint: String? { hint(in: \.plainWords) }

    /// What to do about it, remedies as `words` says them; several lines when a refusal names candidates.
    package func hint(in words: ([Remedy]) -> String?) -> String? {
        switch self {
        case .notRunning(.home): "start it with: portctl start"
        case .notRunning: "start it there with: port-server --listen ADDRESS, or unset PORT_SERVER_ADDR"
        case .hangs(_, let pid, let isStopped):
            (isStopped ? "continue it: kill -CONT \(pid), or end it" : "end it")
                + ": kill -KILL \(pid), then: portctl start (no allocation is lost)"
        case .sandboxed(_, _, let way): way.remedy
        case .connectionLost, .noAnswer, .closed: "see portctl logs; portctl doctor checks the home"
        case .notOurDaemon: "unset PORT_SERVER_ADDR, or set it to the daemon's address"
        case .foreignDaemon:
            CurrentProcess.userID == 0
                ? "run the command without sudo, or set PORT_SERVER_HOME to a directory of root's"
                : "set PORT_SERVER_HOME to a directory that you own"
        case .givesWay: "repeat the command"
        case .refused(let body):
            (body.candidates.map { $0.map { "\($0.path) has port \($0.port)" } } ?? []).reversed()
                .reduce(body.hint(in: words)) { hint, line in hint.map { "\(line)\n  \($0)" } ?? line }
        case .local(let error): words(error.remedies)
        case .notListening(let home):
            "end that port-server\(home.recordedPID.map { " (pid \($0) according to its pid file)" } ?? ""), "
                + "then: portctl start"
        case .notStarted(_, _, let hint): hint
        }
    }

    package var description: String { message }
}

extension HomeDirectory {
    /// The text of the pid file, which is only shown: the file may be stale or contain anything.
    fileprivate var recordedPID: String? { SmallFile.text(at: pidFilePath)?.trimmingSpaces() }
}
