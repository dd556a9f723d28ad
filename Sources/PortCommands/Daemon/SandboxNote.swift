import PortAPI
import PortClient
import PortSystem

/// Says that a daemon was started where it sees no listener of the machine.
enum SandboxNote {
    /// Prints a warning to standard error if the daemon of `home` runs in the network namespace of a sandbox. Prints
    /// nothing when the daemon does not respond, which the next request reports.
    static func printIfNeeded(home: HomeDirectory) {
        let client = PortClient(address: .home(home))
        guard let network = try? client.daemon.status().network,
            let sandbox = network.sandbox
        else { return }
        Output.note(
            "warning: port-server runs in a network namespace of its own, \(network.namespace) (\(sandbox)): "
                + "it does not see what listens outside"
        )
    }
}
