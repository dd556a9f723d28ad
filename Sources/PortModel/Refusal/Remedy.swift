/// A next step after a refusal or a finding, with its values. The command line words it with its commands and options,
/// everybody else in plain words (``phrase``), and programs act on the values.
package enum Remedy: Hashable, Sendable {
    // MARK: Changes of the request

    /// Leave the port out: a free one is chosen.
    case anyPort
    /// Request another port; this request must name one.
    case choosePort
    /// Name the port, which this request needs.
    case namePort
    /// Leave out that the service must get the port that it had: it may move.
    case allowAnotherPort
    case otherRange
    case requestFewerPorts
    /// Leave out that the ports must be consecutive.
    case nonContiguous
    /// Send SIGKILL when SIGTERM does not suffice.
    case force
    /// Let the reservation end the process that listens on its port.
    case killIfOccupied(Port)
    /// Name one of the candidates by app, instance and service.
    case spellOut
    case otherDatabase

    // MARK: Requests

    /// Register the service that listens on the port already.
    case adopt(Port, ServiceIdentity)
    /// End the process that listens on the port; `pid` is `nil` for the only one.
    case kill(Port, pid: Int32?)
    case releasePort(Port)
    case release(ServiceIdentity)
    /// Release ports of this app and instance that are no longer needed.
    case releaseUnneeded(app: String, instance: String)
    /// Request a port for the service again: it gets another one.
    case move(ServiceIdentity)
    /// Show who listens on the port.
    case showListeners(Port)
    /// Show the journal of the port.
    case showHistory(Port)
    case listAllocations
    case listServices
    case listGroups
    case retry

    // MARK: The daemon

    case startDaemon
    case stopDaemon
    case restart(RestartPurpose)
    /// The status names the database.
    case findDatabase
    case diagnose
    /// Look for allocations that the recovered database lacks, then remove the damaged one.
    case checkRecovery(damaged: String)
    /// Change the setting of this name, as the text says.
    case changeSetting(String, String)

    // MARK: The machine

    /// Stop the unit that the process holds the socket of, or forwards for.
    case stopUnit(pid: Int32, of: ServiceManager)
    /// Stop the container to which the port is forwarded.
    case stopContainer(Port, engine: ContainerEngine)

    // MARK: Words

    /// A step that no face has an action for.
    case advice(String)
    /// Not a step: the fact from which the next remedy follows.
    case reason(String)

    /// What a restart of the daemon achieves.
    package enum RestartPurpose: String, CaseIterable, Sendable {
        /// The next daemon runs in the caller's network namespace.
        case changeNamespace = "change_namespace"
        case recoverDatabase = "recover_database"
        case reopenDatabase = "reopen_database"
        case readConfiguration = "read_configuration"
        case readEphemeralRange = "read_ephemeral_range"
    }

    /// Whose unit a process belongs to.
    package enum ServiceManager: String, CaseIterable, Sendable {
        case system, user
        case either
    }

    /// What runs a container.
    package enum ContainerEngine: String, CaseIterable, Sendable {
        case docker, podman
        /// A runtime without an engine, such as containerd.
        case runtime
    }
}
