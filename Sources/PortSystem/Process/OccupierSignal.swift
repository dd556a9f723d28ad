import Libc
package import PortModel

/// Signals to the process that has a listening socket open, and to nobody else.
package enum OccupierSignal {
    /// Asks the process to end (SIGTERM), or ends it (SIGKILL). Just before, with the process held by its pidfd, it
    /// must still be the same one, of this user, and have one of the sockets open.
    package static func send(to occupier: Occupier, holding sockets: Set<UInt32>, kill: Bool) -> SignalOutcome {
        do throws(SystemError) {
            guard occupier.pid > 1, let handle = try ProcessHandle.open(pid: occupier.pid),
                let facts = ProcessFacts(pid: occupier.pid), facts.startTime == occupier.startTime
            else { return .gone }
            guard [facts.realUserID, facts.effectiveUserID].contains(PeerCredentials.currentUserID) else {
                return .anotherUser(facts.realUserID)
            }
            #if os(Linux)
                guard let directory = ProcDirectory.of(occupier.pid), !directory.openSockets().isDisjoint(with: sockets),
                    !handle.hasEnded(within: 0)
                else { return .gone }
            #else
                guard ProcessSockets.process(occupier.pid, hasOneOf: sockets) else { return .gone }
            #endif
            if kill { try handle.kill() } else { try handle.terminate() }
            return .sent
        } catch {
            return error.isOfEndedProcess ? .gone : .refused(error.reason)
        }
    }
}
