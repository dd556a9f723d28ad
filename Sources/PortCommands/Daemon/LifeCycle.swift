import PortAPI
import PortClient
import PortSystem

/// The implementation of `portctl start`, `stop` and `restart`.
struct LifeCycle {
    let home: HomeDirectory
    let json: Bool

    private struct Report: Encodable {
        var status: String
        /// Omitted where the system does not report it.
        var pid: Int32?
    }

    /// Starts the daemon and prints the result. `legacyPorts`: the setting of that name has just been made.
    func start(legacyPorts: Bool) throws {
        switch try launch() {
        case .started(let pid): try reportStart("started", pid)
        case .alreadyRunning(let pid):
            let isOpen = StatusBody.current(of: home)?.addresses.contains { $0.address.hasSuffix(":3030") } ?? false
            throw Failure(
                "port-server is already running\(Self.note(pid))",
                hint: legacyPorts && !isOpen ? "it opens the legacy ports after: portctl restart" : nil,
                code: "already_running"
            )
        }
    }

    /// Prints the result of a command that has started the daemon, and what there is to know about that start.
    func reportStart(_ status: String, _ pid: Int32?) throws {
        try report(status, pid)
        for note in StatusBody.current(of: home)?.startNotes ?? [] { Output.note(note) }
    }

    /// Stops the daemon and prints the result.
    func stop() throws { try report("stopped", try stopDaemon(hint: nil)) }

    /// Starts the daemon, or finds one that another command has started since, and returns its pid. Throws ``Failure``.
    func ensureDaemon() throws -> Int32? {
        switch try launch() {
        case .started(let pid), .alreadyRunning(let pid): return pid
        }
    }

    private func launch() throws -> DaemonLauncher.Start {
        let start = try mappingErrors { () throws(ClientError) in try DaemonLauncher(home: home).start() }
        if case .started = start { SandboxNote.printIfNeeded(home: home) }
        return start
    }

    /// Stops the daemon and returns its pid. Throws ``Failure`` when none is running, with `hint`, or when it does not
    /// exit.
    func stopDaemon(hint: String? = "start it with: portctl start") throws -> Int32 {
        switch try mappingErrors({ () throws(ClientError) in try DaemonLauncher(home: home).stop() }) {
        case .stopped(let pid): return pid
        case .stillRunning(let pid):
            throw Failure(
                "port-server (pid \(pid)) did not stop within 5 seconds",
                hint: "end it: kill -KILL \(pid) (no allocation is lost)"
            )
        case .notRunning(let staleFile):
            if staleFile { Output.note("removed a stale pid file") }
            throw Failure("port-server is not running", hint: hint, code: "not_running")
        }
    }

    /// Prints the result of a command.
    func report(_ status: String, _ pid: Int32?) throws {
        try Output.result(
            Report(status: status, pid: pid),
            asJSON: json,
            text: "port-server \(status)\(Self.note(pid))"
        )
    }

    private static func note(_ pid: Int32?) -> String { pid.map { " (pid \($0))" } ?? "" }

    private func mappingErrors<Value>(_ body: () throws(ClientError) -> Value) throws -> Value {
        do { return try body() } catch { throw Failure(error) }
    }
}
