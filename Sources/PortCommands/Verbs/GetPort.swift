internal import ArgumentParser
internal import PortAPI
internal import PortModel
internal import PortSystem

struct GetPort: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get-port",
        abstract: "Print a project's port, the same one every time.",
        discussion: """
            Prints the number alone: PORT=$(get-port my-app). The process that asks, a shell or a script, owns the port; \
            it comes back five minutes after the owner has ended.
            """
    )

    @Argument(help: "Name on this machine, or app/instance/service. (default: the current project)")
    var name: String?

    @Argument(help: "Port to take if it is free.", transform: PortArgument.required)
    var preferred: Int?

    @Option(parsing: .unconditional, help: "Process that owns the port. (default: the one that asks)")
    var pid: Int?

    @Flag(help: "Fail instead of moving when the project's port is taken.")
    var strict = false

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws {
        let target = try ProjectArgument(name)
        var body = target.body
        body.face = "projects"
        body.ensure = true
        body.preferred = preferred
        if strict { body.strict = true }
        // In a container the shell may be process 1, which never ends before the daemon does.
        body.ownerPID = pid ?? (CurrentProcess.parentPID > 1 ? Int(CurrentProcess.parentPID) : nil)
        let session = try Session()
        let allocation: AllocationBody
        do {
            allocation = try session.allocate(body, for: target.project)
        } catch let failure as Failure where failure.code == .invalidOwner && pid == nil {
            // Another user's, as under sudo, or of another container.
            Output.note("warning: the asking process cannot own the port: it stays until release-port")
            body.ownerPID = nil
            allocation = try session.allocate(body, for: target.project)
        }
        try Output.result(allocation, asJSON: json, text: "\(allocation.port)")
    }
}
