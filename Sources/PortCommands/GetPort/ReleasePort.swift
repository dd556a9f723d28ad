import ArgumentParser
import PortAPI
import PortClient
import PortModel

struct ReleasePort: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release-port",
        abstract: "Release a project's port, or a port by number.",
        version: Program.releasePort.version
    )

    @Argument(help: "Name on this machine, app/instance/service, or a port number. (default: the current project)")
    var target: String?

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws {
        var filter = FilterBody()
        filter.face = Face.projects.rawValue
        filter.wide = true
        let session = try Session()
        let subject: String
        if let port = target.flatMap({ Port($0) }) {
            filter.port = Int(port.number)
            subject = "port \(port)"
        } else {
            let project = try ProjectArgument(target)
            if let target {
                filter.name = target
            } else {
                filter.app = project.body.app
                filter.instance = project.body.instance
                filter.service = project.body.service
                filter.project = project.body.project
            }
            subject = "project \(target ?? project.project.app)"
        }
        let answer = try session.allocations.release(matching: filter)
        // A number is a port, but may be a NAME as well.
        let called = try filter.port.flatMap { port in
            try session.ownService(named: ServiceIdentity(machineWide: "\(port)").description)
        }
        guard answer.deleted > 0 else {
            let hint = called.map { "the name \($0.app) has port \($0.port): release-port \($0.commandLineWords)" }
            throw Failure(
                "\(subject) has no assignment",
                hint: hint ?? "list-ports shows every one",
                code: "allocation_not_found",
                subject: target
            )
        }
        if filter.port != nil {
            ProjectScope.explain(released: answer.allocations, by: try? ProjectOptions.none.resolved())
        }
        if let called {
            Output.note("the name \(called.app) still has port \(called.port): release-port \(called.commandLineWords)")
        }
        let message = filter.port == nil ? "released \(answer.deleted) port(s) for \(subject)" : "released \(subject)"
        try Output.result(ProjectReleasedBody(success: true, message: message), asJSON: json, text: message)
    }
}
