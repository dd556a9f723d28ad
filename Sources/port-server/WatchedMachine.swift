import PortHost
import PortModel
import PortRegistry
import PortSystem
import Synchronization

/// The machine as the daemon sees it: owners are watched rather than asked.
final class WatchedMachine: LocalMachine {
    let watcher: ProcessWatcher
    private let state = Mutex(State())

    private struct State {
        /// Of the owners that are watched.
        var version = -1
        /// How many exits were noted when the transaction under way asked, and when the last that was committed did.
        var seenExits = 0
        var judgedExits = 0
    }

    private let expiryTimer: ExpiryTimer

    init(watcher: ProcessWatcher, expiryTimer: ExpiryTimer) {
        self.watcher = watcher
        self.expiryTimer = expiryTimer
    }

    func collectExits(of owners: OwnerSet) -> Set<Owner> {
        state.withLock { state in
            watch(owners, &state)
            watcher.collect()
            let exits = watcher.exits
            state.seenExits = exits.count
            return exits.owners
        }
    }

    func didCommit(_ owners: OwnerSet) {
        let hasNews = state.withLock { state in
            state.judgedExits = state.seenExits
            watch(owners, &state)
            return watcher.exits.count > state.judgedExits
        }
        // Whoever had exited before it was watched is reported by no event.
        if hasNews { expiryTimer.schedule(at: SystemClock.uptime) }
    }

    func hasNewExits() -> Bool {
        watcher.collect()
        return state.withLock { watcher.exits.count > $0.judgedExits }
    }

    private func watch(_ owners: OwnerSet, _ state: inout State) {
        guard state.version != owners.version else { return }
        watcher.watch(owners.all)
        state.version = owners.version
    }

    var protectedProcesses: [Int32: ProtectedProcess] { [CurrentProcess.pid: .daemon] }
}
