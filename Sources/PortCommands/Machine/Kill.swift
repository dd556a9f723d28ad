import ArgumentParser
import PortAPI
import PortClient
import PortModel

struct Kill: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Kill the process that listens on a port.",
        discussion: """
            Kills only the process that has the listening socket, never a client of the port, and only if it is still \
            the process that was shown. Sends SIGTERM, and succeeds when the port is closed. Asks for confirmation if \
            the process does not run in the directory of this project. Refuses to kill a process that this command \
            was started by, and one that forwards for others, such as docker-proxy or ssh. A NAME is looked up as by \
            "portctl lookup". PORT/udp is refused, with the process: who only uses a UDP port looks like its server.
            """
    )

    @Argument(help: ArgumentHelp("Port number or name of a service.", valueName: "port"), transform: PortTarget.init)
    var name: PortTarget

    @Option(parsing: .unconditional, help: "Process to kill, if several listen on the port.")
    var pid: Int?

    @Flag(help: "Send SIGKILL if SIGTERM does not close the port within three seconds.")
    var force = false

    @Flag(help: "Do not ask for confirmation.")
    var yes = false

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws {
        let session = try Session()
        let port = try name.port(session)
        if name.transport == .udp { throw try Failure.udpKill(port, sockets: session.ports.udpSockets(on: port)) }
        let target = try session.ports.kill(port, KillTarget.question(pid: pid))
        if !yes { try KillTarget(target).confirm() }
        // By its pid, so that another process that listens by now is not killed instead.
        let answer = try session.ports.kill(
            port,
            KillRequestBody(pid: Int(target.process.pid), force: force ? true : nil)
        )
        let name = target.process.description.oneLine
        try Output.result(
            answer,
            asJSON: json,
            text: "killed \(name): port \(port) is closed (\(answer.signal ?? "SIGTERM"))"
        )
        if let ports = answer.otherPorts { Output.note("it also listened on \(ports.listed)") }
        if let parent = answer.parent {
            Output.note("its parent, \(parent.description.oneLine), still runs and may start it again")
        }
    }
}

extension Failure {
    /// The refusal to kill who has a UDP port. UDP has no listeners: nothing tells a server from a client that is bound
    /// to the same port, so that there is no proof.
    fileprivate static func udpKill(_ port: Int, sockets: [ListenerBody]) -> Failure {
        var seen: Set<Int32> = []
        let processes = sockets.flatMap(\.processes).filter { seen.insert($0.pid).inserted }
        let names = processes.map { "\($0.description.oneLine)\($0.place)" }
        let users = Set(sockets.filter(\.processes.isEmpty).map(\.userID)).sorted()
        let unknown = users.map { "an unknown process of user id \($0)" }
        let who =
            (names + unknown).isEmpty
            ? "nobody has it now"
            : (names + unknown).joined(separator: " and ")
                + ((names + unknown).count == 1 ? " has it" : " have it")
        let pids = processes.map { "\($0.pid)" }.joined(separator: " ")
        return Failure(
            "portctl kills listeners of TCP only, not who has UDP port \(port): \(who)",
            hint: pids.isEmpty ? nil : "kill \(pids) ends \(processes.count == 1 ? "it" : "them")",
            code: "udp_port",
            subject: "\(port)/udp"
        )
    }
}
