internal import PortAPI
internal import PortModel
package import PortSystem

/// Starts and stops the daemon of one home.
package struct DaemonLauncher: Sendable {
    package let home: HomeFolder

    package init(home: HomeFolder) { self.home = home }

    package enum Start: Hashable, Sendable {
        /// `nil` where the system does not tell.
        case started(pid: Int32?)
        case alreadyRunning(pid: Int32?)
    }

    /// The daemon is ready in about 30 ms; a busy machine and a large database may need more.
    private static let patience: Int32 = 10_000
    /// A daemon that says nothing for so long hangs, and is not ending.
    private static let patienceForAnswer: Duration = .seconds(5)
    /// The log is silent in normal work; this bounds what years of trouble leave. In bytes.
    private static let maximumLog = 5 << 20

    /// Starts `port-server` from beside this executable, or by the service manager where that starts it at logins, and
    /// returns when it answers. Throws ``ClientError``.
    package func start() throws(ClientError) -> Start {
        if let daemon = answering { return .alreadyRunning(pid: daemon.pid) }
        guard let folder = CurrentProcess.executableFolder else {
            throw .notStarted("the executable's folder is unknown", hint: "start port-server yourself")
        }
        let service = LoginService(executable: "\(folder)/port-server", home: home)
        if service.isResponsible, let daemon = startedByManager(service) { return .started(pid: daemon.pid) }
        do {
            try home.prepare()
            if PrivateFile.size(of: home.logPath) > Self.maximumLog {
                try PrivateFile.move(home.logPath, to: home.logPath + ".1")
            }
            let deadline = ContinuousClock.now + .milliseconds(Int(Self.patience))
            while true {
                let said = try DetachedProcess.start(
                    "\(folder)/port-server",
                    arguments: [],
                    log: try PrivateFile.openForAppending(home.logPath),
                    milliseconds: Self.patience
                )
                if let start = try outcome(said, until: deadline) { return start }
            }
        } catch let error as ClientError {
            throw error
        } catch let error as RegistryError {
            throw .local(error)
        } catch let error as SystemError where error.call == "posix_spawn" {
            throw .notStarted(
                "port-server cannot be started: \(error)",
                hint: "it belongs beside portctl, in \(folder)"
            )
        } catch {
            throw .notStarted("port-server cannot be started: \(error)", hint: nil)
        }
    }

    /// `nil` when the manager cannot: there is none just now, or the daemon fails, and then it is to say so itself.
    private func startedByManager(_ service: LoginService) -> PeerOwner.Process? {
        guard (try? service.start()) != nil else { return nil }
        let deadline = ContinuousClock.now + .milliseconds(Int(Self.patience))
        while ContinuousClock.now < deadline {
            for _ in 0..<10 {
                if let daemon = answering { return daemon }
                CurrentProcess.pause(milliseconds: 5)
            }
            guard (try? service.status)?.isRunning == true else { return nil }
        }
        return nil
    }

    /// What the new process told of itself: `ready`, `busy` when another daemon has the home, or `failed REASON`. `nil`
    /// when the other one ended meanwhile, so that the home is free.
    private func outcome(_ said: String?, until deadline: ContinuousClock.Instant) throws(ClientError) -> Start? {
        let line = said?.split(separator: "\n").last ?? ""
        if line == "busy" { return try waitForDaemon(until: deadline).map { .alreadyRunning(pid: $0.pid) } }
        if line == "ready", let daemon = try waitForDaemon(until: deadline) { return .started(pid: daemon.pid) }
        let hint = "see \(home.logPath)"
        if line.hasPrefix("failed ") {
            throw .notStarted("port-server failed: \(line.dropFirst("failed ".count))", hint: hint)
        }
        throw .notStarted(said == nil ? "port-server does not become ready" : "port-server ended at once", hint: hint)
    }

    /// Waits for the daemon that has the home, which may be opening its socket just now or ending. `nil`: it ended.
    private func waitForDaemon(until deadline: ContinuousClock.Instant) throws(ClientError) -> PeerOwner.Process? {
        repeat {
            if let daemon = answering { return daemon }
            if !isHomeTaken { return nil }
            CurrentProcess.pause(milliseconds: 5)
        } while ContinuousClock.now < deadline
        throw unreachable
    }

    /// The process that listens on the home's socket, unless it is ending: until the kernel has closed its files, one
    /// that was killed accepts connections, and answers none.
    private var answering: PeerOwner.Process? {
        guard let socket = try? StreamSocket.connect(path: home.socketPath, timeout: Self.patienceForAnswer) else {
            return nil
        }
        let peer = socket.peer
        do {
            let host = ServerAddress.home(home).host
            _ = try HTTPExchange.perform("GET", Paths.health, host: host, token: nil, body: nil, over: socket)
        } catch is HTTPExchange.Closed {
            return nil
        } catch let error as SystemError where !error.isTimeout {
            return nil
        } catch {
            // It hangs, or does not speak as a daemon does, but it lives.
        }
        return peer
    }

    /// Whether a daemon has the home, reachable or not.
    package var isHomeTaken: Bool { HomeLock.isTaken(home) }

    /// A daemon has the home, but nobody listens on its socket, which was removed most likely.
    package var unreachable: ClientError {
        let pid = SmallFile.text(at: home.pidFilePath).map { " (pid \($0.trimmingSpaces()), says its pid file)" } ?? ""
        return .notStarted(
            "a daemon has \(home.path), but does not listen on \(home.socketPath)",
            hint: "end that port-server\(pid), then: portctl start"
        )
    }

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
        guard let daemon = home.daemon else {
            if isHomeTaken { throw unreachable }
            return .notRunning(staleFile: removeStalePIDFile())
        }
        guard daemon.uid == PeerOwner.currentUserID || PeerOwner.currentUserID == 0 else {
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
            // Seed 002 waits five seconds.
            return process.hasEnded(within: 5000) ? .stopped(pid: pid) : .stillRunning(pid: pid)
        } catch {
            throw .notStarted("port-server (pid \(pid)) cannot be stopped: \(error.reason)", hint: nil)
        }
    }

    /// Removes the pid file when no daemon has the home. Returns whether there was one.
    package func removeStalePIDFile() -> Bool {
        guard SmallFile.text(at: home.pidFilePath) != nil else { return false }
        return HomeLock.whileFree(home) { PrivateFile.remove(home.pidFilePath) }
    }
}
