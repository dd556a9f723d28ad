import ArgumentParser
import PortSystem

struct Stop: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Stop the running port-server daemon.")

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws { try LifeCycle(home: HomeDirectory.forCommand(), json: json).stop() }
}
