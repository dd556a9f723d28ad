import ArgumentParser
import PortAPI
import PortModel
import PortSystem

struct GetPort: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get-port",
        abstract: "Print a project's port, the same one every time.",
        discussion: """
            Prints only the number: PORT=$(get-port my-app). The calling process, a shell or a script, owns the port; \
            it is released five minutes after its owner exits. The shell of a command substitution, as in \
            $(get-port my-app | cat), is not the owner, but the one that substitutes.
            """,
        version: Program.getPort.version
    )

    @Argument(help: "Name on this machine, or app/instance/service. (default: the current project)")
    var name: String?

    @Argument(help: "Preferred port, used if it is free.", transform: PortArgument.required)
    var preferred: Int?

    @Option(parsing: .unconditional, help: "Process that owns the port. (default: the caller)")
    var pid: Int?

    @Flag(help: "Fail instead of choosing another port if the project's port, or the preferred one, is taken.")
    var strict = false

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws {
        let target = try ProjectArgument(name)
        if let name, preferred == nil, Port(name) != nil {
            Output.note("\(name) is taken as a name; for the port: get-port NAME \(name)")
        }
        var body = target.body
        body.face = Face.projects.rawValue
        body.ensure = true
        body.preferred = preferred
        if strict { body.strict = true }
        let owner = pid == nil ? CallerOwner.current : nil
        if let pid {
            body.ownerPID = pid
        } else if let owner, owner.pid > 1 {
            body.ownerPID = Int(owner.pid)
            body.ownerOptional = true
        }
        // Otherwise the calling shell is process 1 of a container, or has exited: the port has no owner.
        let allocation = try Session().allocate(body)
        if let owner, owner.pid > 1, !owner.isCertain {
            Output.note(
                "process \(owner.pid) owns port \(allocation.port), which is released five minutes after it ends; "
                    + "--pid PID names one that lives longer"
            )
        }
        try Output.result(allocation, asJSON: json, text: "\(allocation.port)")
    }
}
