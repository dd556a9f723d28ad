import ArgumentParser
import PortAPI
import PortClient
import PortModel
import PortSystem

struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show whether the port-server daemon is running.",
        discussion: "The exit code is always 0."
    )

    @Flag(help: "Output as JSON.")
    var json = false

    func run() throws {
        let address: ServerAddress
        do { address = try ServerAddress.current() } catch { return Output.complain(Failure(error)) }
        do {
            let status = try PortClient(address: address, policy: .wait).daemon.status()
            try Output.result(Running(status: status), asJSON: json, text: status.text)
        } catch ClientError.notRunning(.home(let home)) {
            if DaemonLauncher(home: home).removeStalePIDFile() { Output.note("removed a stale pid file") }
            try Output.result(NotRunning(), asJSON: json, text: "port-server is not running")
        } catch ClientError.notListening(let home) {
            let failure = Failure(ClientError.notListening(home))
            Output.complain(failure)
            try Output.result(
                Unhealthy(error: failure.message),
                asJSON: json,
                text: "port-server is running, but not reachable"
            )
        } catch ClientError.sandboxed(.home(let home), let reason, let way) where HomeLock.isTaken(home) {
            // The lock of the home needs no socket.
            let failure = Failure(ClientError.sandboxed(address, reason, way))
            Output.complain(failure)
            let text = "port-server is running, but a sandbox denies this process the connection"
            try Output.result(Unhealthy(error: failure.message), asJSON: json, text: text)
        } catch ClientError.refused(let refusal) {
            try Output.result(
                Unhealthy(error: refusal.error),
                asJSON: json,
                text: "port-server is running, but unhealthy: \(refusal.error)"
            )
        } catch ClientError.hangs(let home, let pid, let isStopped) {
            let failure = Failure(ClientError.hangs(home, pid: pid, isStopped: isStopped))
            Output.complain(failure)
            try Output.result(
                Unhealthy(pid: pid, error: failure.message),
                asJSON: json,
                text: "port-server is running (pid \(pid)), but hangs"
            )
        } catch ClientError.noAnswer(let address) {
            let failure = Failure(ClientError.noAnswer(address))
            Output.complain(failure)
            try Output.result(
                Unhealthy(error: failure.message),
                asJSON: json,
                text: "a server is running, but does not answer"
            )
        } catch let error as ClientError {
            let failure = Failure(error)
            Output.complain(failure)
            if json { try Output.result(NotReached(error: failure.message), asJSON: true, text: "") }
        }
    }

    /// The daemon's status, with `running` added.
    private struct Running: Encodable {
        var status: StatusBody

        enum CodingKeys: CodingKey { case running }

        func encode(to encoder: any Encoder) throws {
            try status.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(true, forKey: .running)
        }
    }

    private struct NotRunning: Encodable {
        var running = false
    }

    /// A server that is not port-server, or a home that cannot be used.
    private struct NotReached: Encodable {
        var running = false
        var error: String
    }

    private struct Unhealthy: Encodable {
        var running = true
        /// Omitted when it is not known.
        var pid: Int32?
        var error: String
    }
}

extension StatusBody {
    /// The status as aligned lines.
    fileprivate var text: String {
        var lines = [
            "port-server is running (pid \(pid), version \(version))",
            "health:       ok",
            "socket:       \(socket)",
        ]
        for address in addresses {
            let note =
                switch address.state {
                case "open": "open"
                case "taken": "taken by another program; portctl works without it, and keeps trying"
                default: address.state
                }
            lines.append("http:         \(address.address) (\(note))")
        }
        if let place = DaemonNetwork(self), let note = place.note {
            lines.append("network:      \(place.name) (\(note))")
        }
        let noun = allocations == 1 ? "allocation" : "allocations"
        lines.append("database:     \(database) (\(allocations) \(noun))")
        if let recovery { lines.append("recovery:     \(recovery)") }
        return lines.joined(separator: "\n")
    }
}
