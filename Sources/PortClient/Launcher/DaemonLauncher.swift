import PortAPI
import PortErrors
import PortModel
package import PortSystem

/// Starts and stops the daemon of one home.
package struct DaemonLauncher: Sendable {
    /// The home whose daemon is started and stopped.
    package let home: HomeDirectory

    package init(home: HomeDirectory) { self.home = home }

    /// The outcome of ``start()``. The pid is `nil` where the system does not report it.
    package enum Start: Hashable, Sendable {
        case started(pid: Int32?)
        case alreadyRunning(pid: Int32?)
    }

    /// The time for a daemon to become ready. It takes about 30 ms; a busy machine or a large database needs longer.
    private static let startTimeout: Duration = .seconds(10)
    /// The time for a daemon to exit. It shuts down within three seconds, so one that is silent for longer hangs.
    /// The `portctl stop` of the original port-server also waited five seconds.
    private static let stopTimeout: Duration = .seconds(5)
    /// The size in bytes at which the log is moved to `.1`. The daemon logs nothing in normal operation, so only
    /// repeated failures reach it.
    private static let maximumLog = 5 << 20

    /// Starts the daemon and returns when it responds: through the service manager if that starts it at logins,
    /// otherwise as the `port-server` in the directory of this executable. Throws ``ClientError``.
    package func start() throws(ClientError) -> Start {
        if let daemon = try respondingDaemon(within: Self.startTimeout) { return .alreadyRunning(pid: daemon.pid) }
        guard let directory = CurrentProcess.executableDirectory else {
            throw .notStarted(
                "the executable's directory is unknown",
                subject: home.path,
                hint: "start port-server yourself"
            )
        }
        let service = LoginService(executable: "\(directory)/port-server", home: home)
        if service.isEnabledForHome, let daemon = startedByManager(service) { return .started(pid: daemon.pid) }
        do {
            try home.prepare()
            if PrivateFile.size(of: home.logPath) > Self.maximumLog {
                try PrivateFile.move(home.logPath, to: home.logPath + ".1")
            }
            // Other commands may start and stop a daemon at the same time.
            for _ in 0..<3 {
                let report = try DetachedProcess.start(
                    "\(directory)/port-server",
                    arguments: [],
                    log: PrivateFile.openForAppending(home.logPath),
                    milliseconds: Int32(Self.startTimeout.components.seconds * 1000)
                )
                if let start = try outcome(report) { return start }
            }
            throw ClientError.notStarted(
                "port-server exited immediately",
                subject: home.path,
                hint: "see \(home.logPath)"
            )
        } catch let error as ClientError {
            throw error
        } catch let error as SystemError {
            if error.fault != nil { throw .local(RegistryError(error)) }
            if error.subject == home.logPath, let fault = PrivateFile.fault(at: home.logPath) {
                throw .notStarted(
                    "the log \(home.logPath) cannot be used: \(fault)",
                    subject: home.logPath,
                    hint: "remove it"
                )
            }
            let isMissing = error.call == "posix_spawn" && error.isCommandNotFound
            throw .notStarted(
                "port-server cannot be started: \(error)",
                subject: home.path,
                hint: isMissing ? "port-server must be in the directory of portctl: \(directory)" : error.startHint
            )
        } catch {
            throw .notStarted("port-server cannot be started: \(error)", subject: home.path, hint: nil)
        }
    }

    /// Starts the daemon through the service manager. Returns `nil` when that fails: there is no manager at present, or
    /// the daemon fails. The caller then starts the daemon directly, which reports the reason.
    private func startedByManager(_ service: LoginService) -> PeerCredentials.Process? {
        let deadline = ContinuousClock.now + Self.startTimeout
        // The manager may take a daemon that is stopping for a running one, and do nothing at the first request.
        for _ in 0..<2 {
            guard (try? service.start()) != nil else { return nil }
            // Each question to the manager is a process. The pauses between them grow, so that they remain few.
            var pause: Duration = .milliseconds(50)
            repeat {
                if let daemon = respondingDaemon(until: min(deadline, .now + pause)) { return daemon }
                pause *= 2
            } while (try? service.status)?.isRunning == true && ContinuousClock.now < deadline
        }
        return nil
    }

    /// Waits until the home's daemon responds, or `deadline` has passed: then `nil`. Connecting costs little.
    private func respondingDaemon(until deadline: ContinuousClock.Instant) -> PeerCredentials.Process? {
        repeat {
            if case .responding(let daemon) = try? state { return daemon }
            CurrentProcess.pause(milliseconds: 5)
        } while ContinuousClock.now < deadline
        return nil
    }

    /// Interprets the report of the new process: `ready`, `busy` when another daemon has the home, or `failed REASON`.
    /// Returns `nil` when no daemon has the home any longer: somebody may have stopped it.
    private func outcome(_ report: String?) throws(ClientError) -> Start? {
        let hint = "see \(home.logPath)"
        guard let report else { throw .notStarted("port-server did not become ready", subject: home.path, hint: hint) }
        let line = report.split(separator: "\n").last ?? ""
        if line.hasPrefix("failed ") {
            throw .notStarted("port-server failed: \(line.dropFirst("failed ".count))", subject: home.path, hint: hint)
        }
        let daemon = try respondingDaemon(within: Self.startTimeout)
        return daemon.map { line == "ready" ? .started(pid: $0.pid) : .alreadyRunning(pid: $0.pid) }
    }

    /// The state of the home's daemon. Until the kernel has closed its files, a daemon that was killed still has the
    /// home and accepts connections, but responds to none.
    private enum State {
        case responding(PeerCredentials.Process)
        /// A daemon is starting or stopping, or its socket was removed.
        case taken
        /// No daemon has the home.
        case free
        /// A sandbox denies this process Unix sockets.
        case denied(SystemError)
    }

    /// Sends a health request to the socket, and checks the home's lock when there is no response. Throws `hangs`.
    private var state: State {
        get throws(ClientError) {
            do {
                let socket = try StreamSocket.connect(path: home.socketPath, timeout: Self.stopTimeout)
                if let peer = socket.peer, try isResponding(on: socket) { return .responding(peer) }
            } catch let error as ClientError {
                throw error
            } catch let error as SystemError where error.isDeniedBySandbox {
                return .denied(error)
            } catch {
                // Nothing listens, or this user may not connect.
            }
            return HomeLock.isTaken(home) ? .taken : .free
        }
    }

    private func isResponding(on socket: borrowing StreamSocket) throws(ClientError) -> Bool {
        do {
            let host = ServerAddress.home(home).host
            let health = Endpoints.Daemon.health
            _ = try HTTPExchange.perform(
                health.method.rawValue,
                health.path.filled(),
                host: host,
                token: nil,
                body: nil,
                over: socket,
                of: home
            )
            return true
        } catch let error as ClientError {
            throw error
        } catch is HTTPExchange.Closed {
            return false
        } catch let error as SystemError {
            return error.isTimeout
        } catch {
            // The response is not port-server's, but the process is alive.
            return true
        }
    }

    /// Waits until the home's daemon responds and returns it; `nil` when there is none. Throws `notListening` when one
    /// that is starting or stopping takes longer than `limit`, and `hangs`.
    private func respondingDaemon(within limit: Duration) throws(ClientError) -> PeerCredentials.Process? {
        let deadline = ContinuousClock.now + limit
        repeat {
            switch try state {
            case .responding(let daemon): return daemon
            case .free: return nil
            case .denied(let error): throw .sandboxed(.home(home), error, Sandboxed(.home(home)))
            case .taken: CurrentProcess.pause(milliseconds: 5)
            }
        } while ContinuousClock.now < deadline
        throw .notListening(home)
    }

    /// Whether a daemon responds. Waits for one that is starting or stopping; throws `notListening` after about five
    /// seconds.
    package func isRunning() throws(ClientError) -> Bool { try respondingDaemon(within: Self.stopTimeout) != nil }

    /// The outcome of ``stop()``.
    package enum Stop: Hashable, Sendable {
        case stopped(pid: Int32)
        /// The daemon did not exit within five seconds of SIGTERM.
        case stillRunning(pid: Int32)
        /// `staleFile`: whether a pid file without a daemon was removed.
        case notRunning(staleFile: Bool)
    }

    /// Stops the daemon that listens on the home's socket. The kernel reports which process that is, so a pid read from
    /// a file is never signalled. Throws ``ClientError``.
    package func stop() throws(ClientError) -> Stop {
        var found = home.daemon
        if found == nil { found = try respondingDaemon(within: Self.stopTimeout) }
        guard let daemon = found else {
            return .notRunning(staleFile: removeStalePIDFile())
        }
        guard daemon.uid == CurrentProcess.userID || CurrentProcess.userID == 0 else {
            throw .foreignDaemon(.home(home), uid: daemon.uid)
        }
        guard let pid = daemon.pid else {
            throw .notStarted(
                "port-server runs where its process cannot be seen, probably in a container",
                subject: home.path,
                hint: "stop it there"
            )
        }
        // It would not receive the signal.
        guard ProcessActivity(pid: pid)?.isStopped != true else { throw .hangs(home, pid: pid, isStopped: true) }
        // Read the daemon's pid again after opening the process: a pid that was reused would no longer match.
        do throws(SystemError) {
            guard let process = try ProcessHandle.open(pid: pid), home.daemon?.pid == pid else {
                return .notRunning(staleFile: removeStalePIDFile())
            }
            try process.terminate()
            let limit = Int32(Self.stopTimeout.components.seconds * 1000)
            return process.hasEnded(within: limit) ? .stopped(pid: pid) : .stillRunning(pid: pid)
        } catch {
            if error.isProcessEnded { return .notRunning(staleFile: removeStalePIDFile()) }
            throw .notStarted(
                "port-server (pid \(pid)) cannot be stopped: \(error.reason)",
                subject: "\(pid)",
                hint: nil
            )
        }
    }

    /// Removes the pid file if no daemon has the home. Returns whether it removed one.
    package func removeStalePIDFile() -> Bool {
        guard SmallFile.text(at: home.pidFilePath) != nil else { return false }
        return HomeLock.whileFree(home) { PrivateFile.remove(home.pidFilePath) }
    }
}
