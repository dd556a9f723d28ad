internal import ArgumentParser
internal import PortClient
internal import PortSystem

struct Start: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Start the port-server daemon in the background.")

    func run() throws { try startDaemon(of: try HomeFolder.forCommand()) }
}

struct Stop: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Stop the running port-server daemon.")

    func run() throws { try stopDaemon(of: try HomeFolder.forCommand()) }
}

struct Restart: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Stop and start the port-server daemon.")

    func run() throws {
        let home = try HomeFolder.forCommand()
        try stopDaemon(of: home)
        try startDaemon(of: home)
    }
}

private func startDaemon(of home: HomeFolder) throws {
    switch try launch({ () throws(ClientError) in try DaemonLauncher(home: home).start() }) {
    case .started(let pid): try Output.result("port-server started (pid \(pid))")
    case .alreadyRunning(let pid):
        throw Failure("port-server is already running\(pid.map { " (pid \($0))" } ?? "")")
    }
}

private func stopDaemon(of home: HomeFolder) throws {
    switch try launch({ () throws(ClientError) in try DaemonLauncher(home: home).stop() }) {
    case .stopped(let pid): try Output.result("port-server stopped (pid \(pid))")
    case .stillRunning(let pid): throw Failure("port-server (pid \(pid)) did not stop within 5 seconds")
    case .notRunning(let staleFile):
        if staleFile { Output.note("removed a stale pid file") }
        throw Failure("port-server is not running", hint: "start it with: portctl start")
    }
}

private func launch<Outcome>(_ body: () throws(ClientError) -> Outcome) throws -> Outcome {
    do { return try body() } catch { throw Failure(error) }
}
