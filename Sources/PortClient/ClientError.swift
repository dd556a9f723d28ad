package import PortAPI
package import PortModel
package import PortSystem

/// Why the daemon gave no answer, or which refusal it gave.
package enum ClientError: Error, Sendable {
    /// Nobody listens at the address.
    case notRunning(ServerAddress)
    case connectionLost(ServerAddress, SystemError)
    case noAnswer(ServerAddress)
    /// The connection was closed instead of an answer.
    case closed(ServerAddress)
    /// Something listens, and does not speak as our daemon does.
    case notOurDaemon(ServerAddress)
    /// The socket belongs to another user's process.
    case foreignDaemon(ServerAddress, uid: UInt32)
    case refused(ErrorBody)
    /// What could be seen without asking.
    case local(RegistryError)
    /// A daemon has the home, but nobody listens on its socket, which was removed most likely.
    case notListening(HomeDirectory)
    /// The daemon could not be started; the text says why.
    case notStarted(String, hint: String?)
}

extension ClientError {
    /// The home whose daemon may be asked the same again: there is none, or the one that was asked is ending, and what
    /// it did of `method` changed nothing.
    package func homeForRetry(_ method: String) -> HomeDirectory? {
        switch self {
        case .notRunning(.home(let home)): home
        // It cannot have read the whole request.
        case .connectionLost(.home(let home), let error) where error.isClosedByPeer: home
        case .closed(.home(let home)) where method == "GET": home
        default: nil
        }
    }
}

extension ClientError: CustomStringConvertible {
    package var message: String {
        switch self {
        case .notRunning(.home): "port-server is not running"
        case .notRunning(let address): "no server at \(address)"
        case .connectionLost(let address, let error): "the connection to \(address) failed: \(error.reason)"
        case .closed(let address): "the server at \(address) closed the connection without an answer"
        case .noAnswer(let address): "the server at \(address) does not answer"
        case .notOurDaemon(let address): "what listens at \(address) is no port-server"
        case .foreignDaemon(let address, let uid): "the server at \(address) belongs to user id \(uid)"
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
        case .notListening(let home): "a daemon has \(home.path), but does not listen on \(home.socketPath)"
        case .notStarted(let why, _): why
        }
    }

    /// Stable, as the registry's own codes are.
    package var code: String {
        switch self {
        case .notRunning: "not_running"
        case .connectionLost, .closed: "connection_lost"
        case .noAnswer: "no_answer"
        case .notOurDaemon: "not_our_daemon"
        case .foreignDaemon: "foreign_daemon"
        case .refused(let body): body.code
        case .local(let error): error.code.rawValue
        case .notListening, .notStarted: "not_started"
        }
    }

    package var hint: String? {
        switch self {
        case .notRunning(.home): "start it with: portctl start"
        case .notRunning: "start it there with: port-server --listen ADDRESS, or unset PORT_SERVER_ADDR"
        case .connectionLost, .noAnswer, .closed: "see portctl status, and port-server.log beside the socket"
        case .notOurDaemon: "unset PORT_SERVER_ADDR, or name the daemon's address"
        case .foreignDaemon: "set PORT_SERVER_HOME to a directory of yours"
        case .refused(let body):
            (body.candidates.map { $0.map { "\($0.name) has port \($0.port)" } } ?? []).reversed()
                .reduce(body.hint) { hint, line in hint.map { "\(line)\n  \($0)" } ?? line }
        case .local(let error): error.hint
        case .notListening(let home):
            "end that port-server\(home.recordedPID.map { " (pid \($0), says its pid file)" } ?? ""), "
                + "then: portctl start"
        case .notStarted(_, let hint): hint
        }
    }

    package var description: String { message }
}

extension HomeDirectory {
    /// What the pid file says, which may be anything.
    fileprivate var recordedPID: String? { SmallFile.text(at: pidFilePath)?.trimmingSpaces() }
}
