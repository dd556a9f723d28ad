import ArgumentParser
import PortSystem

struct Restart: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Stop and start the port-server daemon.")

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws {
        let lifeCycle = LifeCycle(home: try HomeDirectory.forCommand(), json: json)
        let stopped = try lifeCycle.stopDaemon()
        if !json { try lifeCycle.report("stopped", stopped) }
        try lifeCycle.reportStart(json ? "restarted" : "started", try lifeCycle.ensureDaemon())
    }
}
