import ArgumentParser
import PortAPI
import PortClient
import PortModel

struct Reserve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Allocate a specific port, optionally killing its listener.",
        discussion: """
            Fails if the port is already allocated; its listener is not killed then. --kill has the same checks as \
            "portctl kill".
            """
    )

    @Argument(help: "Port number.", transform: PortArgument.required)
    var port: Int

    @OptionGroup var project: ProjectOptions

    @Option(help: "Service name.")
    var service = "port"

    @Flag(help: "Kill the process that listens on the port.")
    var kill = false

    @Flag(help: "With --kill: send SIGKILL if SIGTERM does not close the port within three seconds.")
    var force = false

    @Flag(help: "With --kill: do not ask for confirmation.")
    var yes = false

    @Flag(help: "Output as JSON.")
    var json = false

    func validate() throws {
        if force && !kill { throw ValidationError("--force requires --kill") }
    }

    func run() throws {
        let project = try project.resolved()
        let session = try Session()
        var request = AllocateBody(
            app: project.app,
            instance: project.instance,
            service: service,
            project: project.directories
        )
        request.port = port
        var body = ReserveBody(request: request)
        if kill, let target = try target(session) {
            if !yes { try KillTarget(target).confirm() }
            body.killIfOccupied = true
            body.pid = Int(target.process.pid)
            body.force = force ? true : nil
        }
        let reservation = try session.allocations.reserve(body)
        reservation.allocation.printWarnings()
        try Output.result(reservation, asJSON: json, text: reservation.text)
        if let ports = reservation.otherPorts { Output.note("the process also listened on \(ports.listed)") }
    }

    /// The process that a kill would end; `nil` when nothing listens on the port. Throws ``Failure``.
    private func target(_ session: Session) throws -> KillBody? {
        let listeners = try session.ports.listeners(on: port)
        guard !listeners.isEmpty else { return nil }
        return try session.ports.kill(port, KillTarget.question(pid: nil))
    }
}

extension ReservationBody {
    fileprivate var text: String {
        let text = "reserved port \(port) (id=\(allocation.id)) for \(allocation.path)"
        guard killed, let occupier else { return text }
        return "\(text), after \(occupier.description.oneLine) was ended"
    }
}
