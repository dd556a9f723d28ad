package import PortModel

/// Looks up owners by pid, and checks whether they have exited.
package enum ProcessOwner {
    /// Whether processes can be looked up: on Linux, whether `/proc` is mounted.
    package static var canLookUp: Bool { ProcessFacts(pid: CurrentProcess.pid) != nil }

    /// Looks up the process of this user that has `pid` in the pid namespace of the process `client`; `nil` stands for
    /// this process's namespace.
    package static func lookUp(_ pid: Int32, seenBy client: Int32? = nil) -> OwnerLookup {
        guard canLookUp else { return .unknown("/proc is not mounted") }
        guard let pid = client.map({ PIDNamespace.translated(pid, seenBy: $0) }) ?? pid else { return .invisible }
        do throws(SystemError) {
            // Open the handle first and check last that its process has not ended: then the facts that were read in
            // between belong to it, and not to a later process with the same pid.
            guard let handle = try ProcessHandle.open(pid: pid), let facts = ProcessFacts(pid: pid),
                !handle.hasEnded(within: 0)
            else { return .noSuchProcess }
            guard [facts.realUserID, facts.effectiveUserID].contains(CurrentProcess.userID) else {
                return .anotherUser(facts.realUserID)
            }
            return .owner(
                Owner(
                    pid: pid,
                    startTime: facts.startTime,
                    pidfdInode: handle.inode,
                    namespace: PIDNamespace.current,
                    boot: SystemClock.boot
                )
            )
        } catch {
            return .unknown(error.reason)
        }
    }

    /// Whether the owner has exited. A zombie has exited; a stopped process, and one that cannot be checked, has not.
    /// An owner in another pid namespace has exited when no visible process runs there: the restart of a container ends
    /// its processes, but reports no exit.
    package static func hasExited(_ owner: Owner) -> Bool {
        guard owner.isVisible else { return !PIDNamespace.hasProcesses(owner.namespace!) }
        do throws(SystemError) {
            guard let handle = try ProcessHandle.open(pid: owner.pid) else { return true }
            return handle.hasEnded(within: 0) || !handle.refers(to: owner)
        } catch {
            return false
        }
    }
}
