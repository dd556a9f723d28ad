import ArgumentParser
import PortAPI
import PortClient
import PortModel
import PortSystem

struct Loop: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lease a port and send heartbeats until this command exits.",
        discussion: "Sends a heartbeat every 5 seconds. The port is released as soon as the command exits or is killed."
    )

    @Argument(help: "Service of the current project, or app/instance/service.")
    var name: String

    @OptionGroup var project: ProjectOptions

    @Option(
        parsing: .unconditional,
        help: "Time to live in seconds, shown with the lease; the port is held until the command exits."
    )
    var ttl = 300

    @Flag(help: "Output as JSON.")
    var json = false

    /// The interval at which the client of PortManager's leases sends heartbeats.
    private static let intervalInMilliseconds: Int32 = 5000

    func run() throws {
        let target = try ServiceArgument(name, options: project, portUsage: "portctl alloc NAME --port PORT")
        var body = target.body
        body.face = Face.leases.rawValue
        body.exclusive = true
        body.ttlSeconds = ttl
        body.ownerPID = Int(CurrentProcess.pid)
        let session = try Session()
        let allocation = try session.allocate(body)
        try Output.result(allocation, asJSON: json, text: "Allocated port: \(allocation.port)")
        while true {
            CurrentProcess.pause(milliseconds: Self.intervalInMilliseconds)
            try session.ifRunning { client throws(ClientError) in
                _ = try client.allocations.heartbeat(id: allocation.id, HeartbeatBody(face: Face.leases.rawValue))
            }
        }
    }
}
