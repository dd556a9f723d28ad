import PortModel

extension ProcessHandle {
    /// Whether this is the process that `owner` describes, and not a later one with the same pid.
    func refers(to owner: Owner) -> Bool {
        guard owner.boot == SystemClock.boot else { return false }
        if let expected = owner.pidfdInode, let inode { return inode == expected }
        return ProcessFacts(pid: pid)?.startTime == owner.startTime
    }

    #if !os(Linux)
        /// `nil`, because macOS has no pidfds.
        var inode: UInt64? { nil }
    #endif
}
