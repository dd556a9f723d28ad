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

    package func listeningSockets() -> [UInt32: Port] { ListenerTable.sockets() }

    package var ephemeralRange: PortRange? { LocalPorts.read().ephemeral }

    package func listeningSockets(on port: Port) -> [UInt32] { ListenerTable.sockets(on: port) }

    package func signal(_ occupier: Occupier, holding sockets: Set<UInt32>, kill: Bool) -> SignalOutcome {
        OccupierSignal.send(to: occupier, holding: sockets, kill: kill)
    }

    package func project(around folder: String) -> FolderProject? {
        guard folder != "/" else { return nil }
        let project = ProjectDetector().project(at: folder)
        return FolderProject(app: project.app, instance: project.instance, root: project.root)
    }

    package func listeners(on ports: Set<Port>?, anew: Bool) -> [Listener] {
        ListenerTable.listeners(on: ports, anew: anew)
    }
}

extension SocketSnapshot: HeldPorts {}
