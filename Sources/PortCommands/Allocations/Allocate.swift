import ArgumentParser
import PortAPI

struct Allocate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Allocate a port for a service.",
        discussion: "Fails if the service already has a port; \"portctl port\" prints that one."
    )

    @Argument(help: ArgumentHelp("Service of the current project, or app/instance/service.", valueName: "service"))
    var name: String?

    @OptionGroup var project: ProjectOptions

    @Option(help: "Service name.")
    var service: String?

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

    func validate() throws {
        if name == nil && service == nil { throw ValidationError("Missing expected argument '--service <service>'") }
        if name != nil && service != nil { throw ValidationError("give the service once: by name or with --service") }
    }

    func run() throws {
        let target =
            if let name {
                try ServiceArgument(name, options: project, portUsage: "portctl allocate NAME --port PORT")
            } else {
                ServiceArgument(project: try project.resolved(), service: service ?? "")
            }
        var body = target.body
        body.port = port
        if adopt { body.adopt = true }
        let allocation = try Session().allocate(body)
        try Output.result(
            allocation,
            asJSON: json,
            text: "allocated port \(allocation.port) (id=\(allocation.id)) for \(allocation.path)"
        )
    }
}
