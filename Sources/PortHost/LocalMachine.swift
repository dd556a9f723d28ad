package import PortModel
package import PortRegistry
package import PortSystem

/// This machine, read from the kernel. Conforming types add how the exits of owners are detected.
package protocol LocalMachine: Machine {}

extension LocalMachine {
    /// Takes a ``SocketSnapshot``.
    package func heldPorts() -> any HeldPorts { SocketSnapshot.take() }

    /// Checks with stat(2).
    package func directoryExists(_ path: String) -> Bool { Directory.exists(path) }

    /// Compares the devices of the directory and of the one above it.
    package func isMountPoint(_ path: String) -> Bool { Directory.isMountPoint(path) }

    /// Reads the ``SystemClock``.
    package func uptime() -> Uptime { SystemClock.uptime }

    /// Looks the process up with ``ProcessOwner``.
    package func owner(pid: Int32, seenBy caller: Int32?) -> OwnerLookup { ProcessOwner.lookUp(pid, seenBy: caller) }

    /// Reads the ``ListenerTable``. Throws `system_unavailable`.
    package func listeningSockets() throws(RegistryError) -> [UInt32: Port] {
        do { return try ListenerTable.sockets() } catch { throw .listenersUnavailable(error) }
    }

    /// The namespace of this process, which does not change while it runs.
    package var network: LocalNetwork { LocalNetwork.current }

    package var ephemeralRange: PortRange? { LocalPorts.read().ephemeral }

    /// Reads the ``ListenerTable``. Throws `system_unavailable`.
    package func listeningSockets(on port: Port) throws(RegistryError) -> [UInt32] {
        do { return try ListenerTable.sockets(on: port) } catch { throw .listenersUnavailable(error) }
    }

    /// Reads the ``ListenerTable``. Throws `system_unavailable`.
    package func uses(of port: Port) throws(RegistryError) -> [PortUse] {
        do { return try ListenerTable.uses(of: port) } catch { throw .listenersUnavailable(error) }
    }

    package var processLimit: ProcessLimit? {
        if !ProcessOwner.canLookUp { return .noProcessDirectory }
        return ProcessHandle.reportsExits ? nil : .noExitReports
    }

    /// Reads the ``ProcessLineage``.
    package func lineage(of pids: [Int32]) -> Set<Int32> { ProcessLineage.pids(of: pids) }

    /// Sends an ``OccupierSignal``.
    package func signal(_ occupier: Occupier, holding sockets: Set<UInt32>, kill: Bool) -> SignalOutcome {
        OccupierSignal.send(to: occupier, holding: sockets, kill: kill)
    }

    /// Detects the project by its git directory; `nil` for the root directory, in which daemons run.
    package func project(around directory: String) -> SurroundingProject? {
        guard directory != "/" else { return nil }
        let project = ProjectDetector().project(at: directory)
        return SurroundingProject(
            app: project.app,
            instance: project.instance,
            root: project.root,
            isRepository: project.isRepository,
            rootIdentity: project.rootIdentity
        )
    }

    /// Reads the ``ListenerTable`` and the processes behind it. Throws `system_unavailable`.
    package func listeners(on ports: Set<Port>?, fresh: Bool) throws(RegistryError) -> [Listener] {
        do { return try ListenerTable.listeners(on: ports, fresh: fresh) } catch { throw .listenersUnavailable(error) }
    }
}

extension SocketSnapshot: HeldPorts {}

extension LocalNetwork {
    fileprivate static let current = LocalNetwork(
        namespace: ProcessNetwork.current,
        isSandbox: ProcessNetwork.sandboxSign != nil
    )
}

extension RegistryError {
    /// Returns the refusal for a kernel that did not answer, which does not mean that no process listens.
    fileprivate static func listenersUnavailable(_ error: SystemError) -> RegistryError {
        RegistryError(
            .systemUnavailable,
            "the listening sockets cannot be read: \(error)",
            hint: "run port-server outside the sandbox, or retry"
        )
    }
}
