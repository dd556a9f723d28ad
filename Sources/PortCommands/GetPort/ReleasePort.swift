import ArgumentParser
import PortAPI
import PortModel

struct ReleasePort: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release-port",
        abstract: "Release a project's port, or a port by number."
    )

    @Argument(help: "Name on this machine, app/instance/service, or a port number. (default: the current project)")
    var target: String?

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws {
        var filter = FilterBody()
        filter.face = "projects"
        let subject: String
        if let port = target.flatMap({ Port($0) }) {
            filter.port = Int(port.number)
            subject = "port \(port)"
        } else {
            let project = try ProjectArgument(target)
            filter.app = project.body.app
            filter.instance = project.body.instance
            filter.service = project.body.service
            filter.project = project.body.project
            subject = "project \(target ?? project.project.app)"
        }
        let session = try Session()
        var answer = try session.send("DELETE", Paths.allocations, body: filter, as: DeletedBody.self)
        // list-ports shows an instance with slashes as more than three parts.
        let parts = target?.split(separator: "/").map(String.init) ?? []
        if answer.deleted == 0, parts.count > 3 {
            filter.app = parts[0]
            filter.instance = parts[1..<parts.count - 1].joined(separator: "/")
            filter.service = parts[parts.count - 1]
            answer = try session.send("DELETE", Paths.allocations, body: filter, as: DeletedBody.self)
        }
        guard answer.deleted > 0 else {
            throw Failure("\(subject) has no assignment", hint: "list-ports shows every one")
        }
        let message = filter.port == nil ? "released \(answer.deleted) port(s) for \(subject)" : "released \(subject)"
        try Output.result(ProjectReleasedBody(success: true, message: message), asJSON: json, text: message)
    }
}
