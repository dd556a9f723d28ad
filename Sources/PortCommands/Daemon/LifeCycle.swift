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

    /// Starts the daemon and prints the result.
    func start() throws { try report("started", try startDaemon()) }

    /// Stops the daemon and prints the result.
    func stop() throws { try report("stopped", try stopDaemon()) }

    /// Starts the daemon and returns its pid. Throws ``Failure`` when one is already running.
    private func startDaemon() throws -> Int32? {
        switch try launch() {
        case .started(let pid): return pid
        case .alreadyRunning(let pid):
            throw Failure("port-server is already running\(Self.note(pid))")
        }
    }

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

    /// Stops the daemon and returns its pid. Throws ``Failure`` when none is running, or when it does not exit.
    func stopDaemon() throws -> Int32 {
        switch try mappingErrors({ () throws(ClientError) in try DaemonLauncher(home: home).stop() }) {
        case .stopped(let pid): return pid
        case .stillRunning(let pid): throw Failure("port-server (pid \(pid)) did not stop within 5 seconds")
        case .notRunning(let staleFile):
            if staleFile { Output.note("removed a stale pid file") }
            throw Failure("port-server is not running", hint: "start it with: portctl start")
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
