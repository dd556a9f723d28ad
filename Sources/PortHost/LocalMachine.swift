package import PortModel
package import PortRegistry
package import PortSystem

/// The registry's view of this machine, but for how the exits of owners are noticed.
package protocol LocalMachine: Machine {}

extension LocalMachine {
    package func heldPorts() -> any HeldPorts { SocketSnapshot.take() }

    package func directoryExists(_ path: String) -> Bool { Directory.exists(path) }

    package func uptime() -> Uptime { SystemClock.uptime }

    package func owner(pid: Int32, seenBy caller: Int32?) -> OwnerLookup { ProcessOwner.lookUp(pid, seenBy: caller) }

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

    package func project(around directory: String) -> SurroundingProject? {
        guard directory != "/" else { return nil }
        let project = ProjectDetector().project(at: directory)
        return SurroundingProject(app: project.app, instance: project.instance, root: project.root)
    }

    package func listeners(on ports: Set<Port>?, fresh: Bool) throws(RegistryError) -> [Listener] {
        do { return try ListenerTable.listeners(on: ports, fresh: fresh) } catch { throw .notTold(error) }
    }
}

extension SocketSnapshot: HeldPorts {}

extension RegistryError {
    /// The kernel did not answer, which says nothing about who listens.
    fileprivate static func notTold(_ error: SystemError) -> RegistryError {
        RegistryError(
            .systemUnavailable,
            "the kernel does not say who listens: \(error)",
            hint: "in a sandbox it may not; else try again"
        )
    }
}
