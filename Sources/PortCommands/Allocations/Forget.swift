import ArgumentParser
import PortAPI
import PortClient
import PortModel

struct Forget: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Release a service's port and stop remembering it for the service.",
        discussion: "A released port is kept for its service as long as other ports are free; a forgotten one is not."
    )

    @Argument(help: "Service of the current project, or app/instance/service.")
    var service: String

    @OptionGroup var project: ProjectOptions

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws {
        let target = try ServiceArgument(service, options: project)
        let body = ForgetBody(
            app: target.project.app,
            instance: target.project.instance,
            service: target.service,
            project: target.project.directories
        )
        let forgotten: ForgottenBody
        do {
            forgotten = try Session().allocations.forget(body)
        } catch let failure as Failure where failure.code == "nothing_remembered" && Port(service) != nil {
            throw failure.hinting("\(service) is also a port: portctl why \(service) shows whose it was")
        }
        let name = ServiceIdentity.machineWideName("\(forgotten.app)/\(forgotten.instance)/\(forgotten.service)")
        let action = forgotten.released ? "released and forgot" : "forgot"
        try Output.result(forgotten, asJSON: json, text: "\(action) port \(forgotten.port) of \(name)")
    }
}
