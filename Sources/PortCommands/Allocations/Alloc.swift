import ArgumentParser
import PortAPI
import PortModel

struct Alloc: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lease a port for a service until its heartbeats stop.",
        discussion: "A service that already has a port gets another one. \"portctl loop\" sends heartbeats."
    )

    @Argument(help: "Service of the current project, or app/instance/service.")
    var name: String

    @OptionGroup var project: ProjectOptions

    @Option(parsing: .unconditional, help: "Time to live in seconds, up to 30 days. (default: 300)")
    var ttl: Int?

    @Option(parsing: .unconditional, help: "Port to lease; 0 = auto-assign.", transform: PortArgument.optional)
    var port = 0

    @Option(name: .customLong("tag"), help: "Tag to show with the lease; may be repeated.")
    var tags: [String] = []

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws {
        let target = try ServiceArgument(name, options: project, portUsage: "portctl alloc NAME --port PORT")
        var body = target.body
        body.face = Face.leases.rawValue
        body.further = true
        body.port = port
        body.ttlSeconds = ttl
        if !tags.isEmpty { body.tags = tags }
        let allocation = try Session().allocate(body)
        try Output.result(allocation, asJSON: json, text: "Allocated port: \(allocation.port)")
    }
}
