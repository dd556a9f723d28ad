import PortModel
import PortRegistry
import PortSystem
import Synchronization

/// The registry's view of this machine, with owners watched rather than asked.
final class LocalMachine: Machine {
    let watcher: ProcessWatcher
    /// Of the owners that are watched.
    private let version = Mutex(-1)

    private let alarm: Alarm

    init(watcher: ProcessWatcher, alarm: Alarm) {
        self.watcher = watcher
        self.alarm = alarm
    }

    func heldPorts() -> any HeldPorts { SocketSnapshot.take() }

    func folderExists(_ path: String) -> Bool { CurrentProcess.folderExists(path) }

    func uptime() -> Uptime { SystemClock.uptime }

    func owner(pid: Int32) -> OwnerLookup { ProcessOwner.look(up: pid) }

    func watch(_ owners: OwnerSet) {
        version.withLock { version in
            if version != owners.version {
                watcher.watch(owners.all)
                version = owners.version
            }
        }
        // Whoever had exited before it was watched is reported by no event.
        if watcher.hasNews { alarm.expect(SystemClock.uptime) }
    }

    func exited(of owners: OwnerSet) -> Set<Owner> {
        watch(owners)
        watcher.collect()
        return watcher.takeExited()
    }

    func hasNewExits() -> Bool {
        watcher.collect()
        return watcher.hasNews
    }

    func occupancies(of ports: [Port]) -> [Port: Occupancy] { OccupierSearch.occupancies(of: ports) }
}

extension SocketSnapshot: HeldPorts {}
