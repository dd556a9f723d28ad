import ArgumentParser
import PortAPI

struct PortCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "port",
        abstract: "Print a service's port, allocating one if it has none.",
        discussion: "Prints only the number, the same one every time: PORT=$(portctl port web)"
    )

    @Argument(help: "Service of the current project, or app/instance/service.")
    var service: String

    @OptionGroup var project: ProjectOptions

    @Option(
        parsing: .unconditional,
        help: "Port to allocate; fails if the service already has another one. 0 = auto-assign.",
        transform: PortArgument.optional
    )
    var port = 0

    @Flag(help: "Fail instead of choosing another port if the service's previous port is taken.")
    var strict = false

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws {
        let target = try ServiceArgument(service, options: project, portUsage: "portctl port NAME --port PORT")
        var body = target.body
        body.port = port
        body.ensure = true
        if strict { body.strict = true }
        let allocation = try Session().allocate(body)
        try Output.result(allocation, asJSON: json, text: "\(allocation.port)")
    }
}
