import PortAPI
import PortModel
package import PortSystem

/// Starts and stops the daemon of one home.
package struct DaemonLauncher: Sendable {
    package let home: HomeDirectory

    package init(home: HomeDirectory) { self.home = home }

    package enum Start: Hashable, Sendable {
        /// `nil` where the system does not tell.
        case started(pid: Int32?)
        case alreadyRunning(pid: Int32?)
    }

    /// The daemon is ready in about 30 ms; a busy machine and a large database may need more.
    private static let patience: Duration = .seconds(10)
    /// A daemon that says nothing for so long hangs, and is not ending: it shuts down in three seconds. Seed 002 waits
    /// for its end as long.
    private static let stopTimeout: Duration = .seconds(5)
    /// The log is silent in normal work; this bounds what years of trouble leave. In bytes.
    private static let maximumLog = 5 << 20

    /// Starts `port-server` from beside this executable, or by the service manager where that starts it at logins, and
    /// returns when it answers. Throws ``ClientError``.
    package func start() throws(ClientError) -> Start {
        if let daemon = try daemonThatAnswers(within: Self.patience) { return .alreadyRunning(pid: daemon.pid) }
        guard let directory = CurrentProcess.executableDirectory else {
            throw .notStarted("the executable's directory is unknown", hint: "start port-server yourself")
        }
        let service = LoginService(executable: "\(directory)/port-server", home: home)
        if service.isResponsible, let daemon = startedByManager(service) { return .started(pid: daemon.pid) }
        do {
            try home.prepare()
            if PrivateFile.size(of: home.logPath) > Self.maximumLog {
                try PrivateFile.move(home.logPath, to: home.logPath + ".1")
            }
            // Others may start and end one just now, too.
            for _ in 0..<3 {
                let said = try DetachedProcess.start(
                    "\(directory)/port-server",
                    arguments: [],
                    log: PrivateFile.openForAppending(home.logPath),
                    milliseconds: Int32(Self.patience.components.seconds * 1000)
                )
                if let start = try outcome(said) { return start }
            }
            throw ClientError.notStarted("port-server ended at once", hint: "see \(home.logPath)")
        } catch let error as ClientError {
            throw error
        } catch let error as RegistryError {
            throw .local(error)
        } catch let error as SystemError where error.call == "posix_spawn" {
            throw .notStarted(
                "port-server cannot be started: \(error)",
                hint: "it belongs beside portctl, in \(directory)"
            )
        } catch {
            throw .notStarted("port-server cannot be started: \(error)", hint: nil)
        }
    }

    /// `nil` when the manager cannot: there is none just now, or the daemon fails, and then it is to say so itself.
    private func startedByManager(_ service: LoginService) -> PeerCredentials.Process? {
        let deadline = ContinuousClock.now + Self.patience
        // It may take one that is ending for running, and then does nothing when it is asked first.
        for _ in 0..<2 {
            guard (try? service.start()) != nil else { return nil }
            repeat {
                for _ in 0..<10 {
                    if case .answers(let daemon) = state { return daemon }
                    CurrentProcess.pause(milliseconds: 5)
                }
            } while (try? service.status)?.isRunning == true && ContinuousClock.now < deadline
        }
        return nil
    }

    /// What the new process told of itself: `ready`, `busy` when another daemon has the home, or `failed REASON`. `nil`
    /// when no daemon has the home any more: somebody may have stopped it.
    private func outcome(_ said: String?) throws(ClientError) -> Start? {
        let hint = "see \(home.logPath)"
        guard let said else { throw .notStarted("port-server does not become ready", hint: hint) }
        let line = said.split(separator: "\n").last ?? ""
        if line.hasPrefix("failed ") {
            throw .notStarted("port-server failed: \(line.dropFirst("failed ".count))", hint: hint)
        }
        let daemon = try daemonThatAnswers(within: Self.patience)
        return daemon.map { line == "ready" ? .started(pid: $0.pid) : .alreadyRunning(pid: $0.pid) }
    }

    /// What a glance at the socket tells. Until the kernel has closed its files, a daemon that was killed still has the
    /// home and accepts connections, and answers none.
    private enum State {
        /// Or hangs.
        case answers(PeerCredentials.Process)
        /// A daemon that is starting or ending, or lost its socket.
        case taken
        case free
    }

    private var state: State {
        do {
            let socket = try StreamSocket.connect(path: home.socketPath, timeout: Self.stopTimeout)
            if let peer = socket.peer, isAnswering(on: socket) { return .answers(peer) }
        } catch {
            // Nobody listens, or nobody that this user may ask.
        }
        return HomeLock.isTaken(home) ? .taken : .free
    }

    private func isAnswering(on socket: borrowing StreamSocket) -> Bool {
        do {
            let host = ServerAddress.home(home).host
            _ = try HTTPExchange.perform("GET", Paths.health, host: host, token: nil, body: nil, over: socket)
            return true
        } catch is HTTPExchange.Closed {
            return false
        } catch let error as SystemError {
            return error.isTimeout
        } catch {
            // It does not speak as a daemon does, but it lives.
            return true
        }
    }

    /// The daemon that has the home, once it answers; `nil` without one. One that is starting or ending is waited for.
    /// Throws `notListening`.
    private func daemonThatAnswers(within limit: Duration) throws(ClientError) -> PeerCredentials.Process? {
        let deadline = ContinuousClock.now + limit
        repeat {
            switch state {
            case .answers(let daemon): return daemon
            case .free: return nil
            case .taken: CurrentProcess.pause(milliseconds: 5)
            }
        } while ContinuousClock.now < deadline
        throw .notListening(home)
    }

    /// Whether there is a daemon. One that is starting or ending is waited for. Throws `notListening` after some five
    /// seconds.
    package func isRunning() throws(ClientError) -> Bool { try daemonThatAnswers(within: Self.stopTimeout) != nil }

    package enum Stop: Hashable, Sendable {
        case stopped(pid: Int32)
        /// It ignored SIGTERM for five seconds.
        case stillRunning(pid: Int32)
        /// `staleFile`: a pid file without its daemon was removed.
        case notRunning(staleFile: Bool)
    }

    /// Ends the daemon that listens on the home's socket: the kernel says which process that is, so no number from a
    /// file is ever signalled. Throws ``ClientError``.
    package func stop() throws(ClientError) -> Stop {
        var found = home.daemon
        if found == nil { found = try daemonThatAnswers(within: Self.stopTimeout) }
        guard let daemon = found else {
            return .notRunning(staleFile: removeStalePIDFile())
        }
        guard daemon.uid == PeerCredentials.currentUserID || PeerCredentials.currentUserID == 0 else {
            throw .foreignDaemon(.home(home), uid: daemon.uid)
        }
        guard let pid = daemon.pid else {
            throw .notStarted(
                "port-server runs where its process cannot be seen, in a container most likely",
                hint: "stop it there"
            )
        }
        // Asked again with the process held: a number that has passed on to another one would not be named any more.
        do throws(SystemError) {
            guard let process = try ProcessHandle.open(pid: pid), home.daemon?.pid == pid else {
                return .notRunning(staleFile: removeStalePIDFile())
            }
            try process.terminate()
            let limit = Int32(Self.stopTimeout.components.seconds * 1000)
            return process.hasEnded(within: limit) ? .stopped(pid: pid) : .stillRunning(pid: pid)
        } catch {
            if error.isOfEndedProcess { return .notRunning(staleFile: removeStalePIDFile()) }
            throw .notStarted("port-server (pid \(pid)) cannot be stopped: \(error.reason)", hint: nil)
        }
    }

    /// Removes the pid file when no daemon has the home. Returns whether there was one.
    package func removeStalePIDFile() -> Bool {
        guard SmallFile.text(at: home.pidFilePath) != nil else { return false }
        return HomeLock.whileFree(home) { PrivateFile.remove(home.pidFilePath) }
    }
}
