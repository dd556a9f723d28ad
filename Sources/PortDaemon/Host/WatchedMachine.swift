import PortHost
import PortModel
import PortRegistry
import PortSystem
import Synchronization

/// The machine as the daemon sees it: the kernel reports the exits of owners, so they need not be checked.
final class WatchedMachine: LocalMachine {
    let watcher: ProcessWatcher
    private let state = Mutex(State())

    private struct State {
        /// The version of the owner set that is watched; -1 before the first.
        var version = -1
        /// The watcher's exit count when the current transaction read the exits.
        var seenExits = 0
        /// The watcher's exit count that the last commit has settled.
        var reconciledExits = 0
    }

    private let expiryTimer: ExpiryTimer

    init(watcher: ProcessWatcher, expiryTimer: ExpiryTimer) {
        self.watcher = watcher
        self.expiryTimer = expiryTimer
    }

    func collectExits(watching owners: OwnerSet) -> Set<Owner> {
        state.withLock { state in
            watch(owners, &state)
            watcher.collect()
            let exits = watcher.exits
            state.seenExits = exits.count
            return exits.owners
        }
    }

    func didCommit(_ owners: OwnerSet) {
        let hasNewExits = state.withLock { state in
            state.reconciledExits = state.seenExits
            watch(owners, &state)
            return watcher.exits.count > state.reconciledExits
        }
        // The kernel sends no event for an owner that exited before it was watched.
        if hasNewExits { expiryTimer.schedule(at: SystemClock.uptime) }
    }

    func drainExits() -> Bool {
        watcher.collect()
        return state.withLock { watcher.exits.count > $0.reconciledExits }
    }

    /// Watches exactly `owners`, unless they are watched already.
    private func watch(_ owners: OwnerSet, _ state: inout State) {
        guard state.version != owners.version else { return }
        watcher.watch(owners.all)
        state.version = owners.version
    }

    var protectedProcesses: [Int32: ProtectedProcess] { [CurrentProcess.pid: .daemon] }
}
