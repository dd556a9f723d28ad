import ArgumentParser
import PortClient
import PortSystem

struct Start: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Start the port-server daemon in the background.")

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws { try LifeCycle(home: HomeDirectory.forCommand(), json: json).start() }
}

struct Stop: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Stop the running port-server daemon.")

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws { try LifeCycle(home: HomeDirectory.forCommand(), json: json).stop() }
}

struct Restart: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Stop and start the port-server daemon.")

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws {
        let lifeCycle = LifeCycle(home: try HomeDirectory.forCommand(), json: json)
        let stopped = try lifeCycle.stopped()
        if !json { try lifeCycle.report("stopped", stopped) }
        try lifeCycle.report(json ? "restarted" : "started", try lifeCycle.startedByAnyone())
    }
}

/// What the three commands do, and how they say it.
private struct LifeCycle {
    let home: HomeDirectory
    let json: Bool

    private struct Report: Encodable {
        var status: String
        /// Left out where the system does not tell.
        var pid: Int32?
    }

    func start() throws { try report("started", try started()) }

    func stop() throws { try report("stopped", try stopped()) }

    /// The new daemon's pid.
    func started() throws -> Int32? {
        switch try launched() {
        case .started(let pid): return pid
        case .alreadyRunning(let pid):
            throw Failure("port-server is already running\(Self.note(pid))")
        }
    }

    /// The pid of the daemon that follows one that ended: another command may have needed it first.
    func startedByAnyone() throws -> Int32? {
        switch try launched() {
        case .started(let pid), .alreadyRunning(let pid): return pid
        }
    }

    private func launched() throws -> DaemonLauncher.Start {
        try launch { () throws(ClientError) in try DaemonLauncher(home: home).start() }
    }

    /// The pid of the daemon that ended.
    func stopped() throws -> Int32 {
        switch try launch({ () throws(ClientError) in try DaemonLauncher(home: home).stop() }) {
        case .stopped(let pid): return pid
        case .stillRunning(let pid): throw Failure("port-server (pid \(pid)) did not stop within 5 seconds")
        case .notRunning(let staleFile):
            if staleFile { Output.note("removed a stale pid file") }
            throw Failure("port-server is not running", hint: "start it with: portctl start")
        }
    }

    func report(_ status: String, _ pid: Int32?) throws {
        try Output.result(
            Report(status: status, pid: pid),
            asJSON: json,
            text: "port-server \(status)\(Self.note(pid))"
        )
    }

    private static func note(_ pid: Int32?) -> String { pid.map { " (pid \($0))" } ?? "" }

    private func launch<Outcome>(_ body: () throws(ClientError) -> Outcome) throws -> Outcome {
        do { return try body() } catch { throw Failure(error) }
    }
}
