import ArgumentParser
import PortSystem

struct Start: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Start the port-server daemon in the background.")

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws { try LifeCycle(home: HomeDirectory.forCommand(), json: json).start() }
}
