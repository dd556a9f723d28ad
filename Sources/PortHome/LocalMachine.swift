package import PortModel
package import PortRegistry
package import PortSystem

/// The registry's view of this machine, but for how the exits of owners are noticed.
package protocol LocalMachine: Machine {}

extension LocalMachine {
    package func heldPorts() -> any HeldPorts { SocketSnapshot.take() }

    package func folderExists(_ path: String) -> Bool { CurrentProcess.folderExists(path) }

    package func uptime() -> Uptime { SystemClock.uptime }

    package func owner(pid: Int32, seenBy asker: Int32?) -> OwnerLookup { ProcessOwner.look(up: pid, seenBy: asker) }

    package func listeningSockets() throws(RegistryError) -> [UInt32: Port] {
        do { return try ListenerTable.sockets() } catch { throw .notTold(error) }
    }

    package var ephemeralRange: PortRange? { LocalPorts.read().ephemeral }

    package func listeningSockets(on port: Port) throws(RegistryError) -> [UInt32] {
        do { return try ListenerTable.sockets(on: port) } catch { throw .notTold(error) }
    }

    package func signal(_ occupier: Occupier, holding sockets: Set<UInt32>, kill: Bool) -> SignalOutcome {
        OccupierSignal.send(to: occupier, holding: sockets, kill: kill)
    }

    package func project(around folder: String) -> FolderProject? {
        guard folder != "/" else { return nil }
        let project = ProjectDetector().project(at: folder)
        return FolderProject(app: project.app, instance: project.instance, root: project.root)
    }

    package func listeners(on ports: Set<Port>?, anew: Bool) throws(RegistryError) -> [Listener] {
        do { return try ListenerTable.listeners(on: ports, anew: anew) } catch { throw .notTold(error) }
    }
}

extension SocketSnapshot: HeldPorts {}

extension RegistryError {
    /// The kernel did not answer, which says nothing about who listens.
    fileprivate static func notTold(_ error: SystemError) -> RegistryError {
        RegistryError(
            .machineBusy,
            "the kernel does not say who listens: \(error)",
            hint: "in a sandbox it may not; else try again"
        )
    }
}
