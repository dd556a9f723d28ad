import ArgumentParser
import PortSystem

struct Start: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Start the port-server daemon in the background.")

    @Flag(
        help: """
            Also listen on 127.0.0.1:3030 and :9876, if free, now and at every later start: sets legacy.ports in \
            config.yaml.
            """
    )
    var legacyPorts = false

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws {
        let home = try HomeDirectory.forCommand()
        if legacyPorts { try mappingErrors { () throws(SystemError) in try home.rememberLegacyPorts() } }
        try LifeCycle(home: home, json: json).start(legacyPorts: legacyPorts)
    }
}
