package import PortModel

/// Owners, looked up and looked after one at a time.
package enum ProcessOwner {
    /// The process of this user that has `pid` now, in the eyes of `client`: that process's own pid namespace counts.
    /// `nil` as the client means our own.
    package static func lookUp(_ pid: Int32, seenBy client: Int32? = nil) -> OwnerLookup {
        guard let pid = client.map({ PIDNamespace.translated(pid, seenBy: $0) }) ?? pid else { return .invisible }
        do throws(SystemError) {
            // The handle comes first: what is read while the process it stands for has not ended is about that process.
            guard let handle = try ProcessHandle.open(pid: pid), let facts = ProcessFacts(pid: pid),
                !handle.hasEnded(within: 0)
            else { return .noSuchProcess }
            guard [facts.realUserID, facts.effectiveUserID].contains(PeerCredentials.currentUserID) else {
                return .anotherUser(facts.realUserID)
            }
            return .owner(
                Owner(
                    pid: pid,
                    startTime: facts.startTime,
                    pidfdInode: handle.inode,
                    namespace: PIDNamespace.own,
                    boot: SystemClock.boot
                )
            )
        } catch {
            return .unknown(error.reason)
        }
    }

    /// Whether the owner has exited; a zombie has, a stopped process has not, and one that cannot be looked at has not.
    /// One of another pid namespace has when nobody lives there, as far as we can see: after a container's restart its
    /// processes are gone, though nobody saw them go.
    package static func hasExited(_ owner: Owner) -> Bool {
        guard owner.isVisible else { return !PIDNamespace.isAlive(owner.namespace!) }
        do throws(SystemError) {
            guard let handle = try ProcessHandle.open(pid: owner.pid) else { return true }
            return handle.hasEnded(within: 0) || !handle.stands(for: owner)
        } catch {
            return false
        }
    }
}

extension Owner {
    /// Whether its number means it here, and not in another pid namespace.
    package var isVisible: Bool { namespace == nil || namespace == PIDNamespace.own }
}

extension ProcessHandle {
    /// Whether this is the very process that `owner` was made of.
    func stands(for owner: Owner) -> Bool {
        guard owner.boot == SystemClock.boot else { return false }
        if let expected = owner.pidfdInode, let inode { return inode == expected }
        return ProcessFacts(pid: pid)?.startTime == owner.startTime
    }

    #if !os(Linux)
        /// macOS has no pidfd.
        var inode: UInt64? { nil }
    #endif
}
