import Libc
package import PortModel

/// Signals a process that has a listening socket open, and no other process.
package enum OccupierSignal {
    /// Sends SIGTERM, or SIGKILL if `kill` is true. First opens a pidfd and then checks that the process is still the
    /// same one, belongs to this user and has one of `sockets` open, so that a reused pid is never signalled.
    package static func send(to occupier: Occupier, holding sockets: Set<UInt32>, kill: Bool) -> SignalOutcome {
        do throws(SystemError) {
            guard occupier.pid > 1, let handle = try ProcessHandle.open(pid: occupier.pid),
                let facts = ProcessFacts(pid: occupier.pid), facts.startTime == occupier.startTime
            else { return .gone }
            guard [facts.realUserID, facts.effectiveUserID].contains(CurrentProcess.userID) else {
                return .anotherUser(facts.realUserID)
            }
            #if os(Linux)
                guard let directory = ProcDirectory(pid: occupier.pid),
                    !directory.openSockets().isDisjoint(with: sockets), !handle.hasEnded(within: 0)
                else { return .gone }
            #else
                guard ProcessSockets.process(occupier.pid, hasOneOf: sockets) else { return .gone }
            #endif
            if kill { try handle.kill() } else { try handle.terminate() }
            return .sent
        } catch {
            return error.isProcessEnded ? .gone : .refused(error.reason)
        }
    }
}
