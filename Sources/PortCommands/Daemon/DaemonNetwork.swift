import PortAPI
import PortModel
import PortSystem

/// The daemon's network namespace, as a command from this process's namespace sees it.
struct DaemonNetwork {
    /// The name, such as `net:[4026531840]`.
    let name: String
    /// Whether it is not the one of this process.
    let isElsewhere: Bool
    /// What shows that it is a sandbox's; `nil` when nothing does.
    let sandbox: String?

    /// `nil` when the daemon or this process does not know its namespace.
    init?(_ status: StatusBody) {
        guard let network = status.network, let current = ProcessNetwork.current else { return nil }
        name = network.namespace
        isElsewhere = network.namespace != current.description
        sandbox = network.sandbox
    }

    /// What is unusual about the namespace; `nil` when nothing is.
    var note: String? {
        isElsewhere ? "not the one of this command, \(here)" : sandbox.map { "a sandbox's: \($0)" }
    }

    /// That the daemon runs in another namespace; `nil` when it does not.
    var elsewhereNote: String? {
        isElsewhere ? "port-server runs in network namespace \(name), this command in \(here)" : nil
    }

    /// The finding of `portctl doctor`; `nil` when there is nothing unusual.
    var finding: FindingDTO? {
        if isElsewhere {
            return FindingDTO(
                "network",
                .problem,
                "the daemon runs in network namespace \(name), this command in \(here): "
                    + "it does not see who listens here",
                remedy: sandbox == nil
                    ? "run portctl outside the sandbox, or give this namespace a PORT_SERVER_HOME of its own"
                    : "portctl restart"
            )
        }
        return sandbox.map {
            FindingDTO(
                "network",
                .warning,
                "the daemon runs in a network namespace of its own, \(name) (\($0)): "
                    + "it does not see what listens outside",
                remedy: "portctl restart, outside"
            )
        }
    }

    private var here: String { ProcessNetwork.current?.description ?? "another one" }
}
