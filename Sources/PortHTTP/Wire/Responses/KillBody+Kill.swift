import PortAPI
import PortModel
import PortRegistry

extension KillBody {
    init(_ kill: Kill) {
        self.init(
            port: Int(kill.port.number),
            status: "terminated",
            process: ProcessDTO(kill.target),
            signal: kill.wasForced ? "SIGKILL" : "SIGTERM"
        )
    }

    /// The response to a dry run: `target` would be killed.
    init(dryRunOn port: Port, target: Occupier) {
        self.init(port: Int(port.number), status: "listening", process: ProcessDTO(target), signal: nil)
    }
}
