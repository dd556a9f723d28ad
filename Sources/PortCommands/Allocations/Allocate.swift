import ArgumentParser
import PortAPI

struct Allocate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Allocate a port for a service.",
        discussion: "Fails if the service already has a port; \"portctl port\" prints that one."
    )

    @OptionGroup var project: ProjectOptions

    @Option(help: "Service name.")
    var service: String

    @Option(
        parsing: .unconditional,
        help: "Specific port to allocate; 0 = auto-assign.",
        transform: PortArgument.optional
    )
    var port = 0

    @Flag(help: "Register a service that is already running on --port.")
    var adopt = false

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws {
        let project = try project.resolved()
        var body = AllocateBody(
            app: project.app,
            instance: project.instance,
            service: service,
            project: project.directories
        )
        body.port = port
        if adopt { body.adopt = true }
        let allocation = try Session().allocate(body, for: project)
        try Output.result(
            allocation,
            asJSON: json,
            text: "allocated port \(allocation.port) (id=\(allocation.id)) for \(allocation.path)"
        )
    }
}
