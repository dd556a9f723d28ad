/// A process that a hold is tied to, with what makes it unique: a pid alone comes back.
package struct Owner: Hashable, Sendable {
    /// As the daemon sees it, in its own pid namespace.
    package let pid: Int32
    /// Linux: clock ticks since boot, field 22 of `/proc/PID/stat`. macOS: microseconds since 1970.
    package let startTime: Int64
    /// The inode of the process's pidfd, unique for the whole boot; `nil` where the kernel has none (Linux before 6.9).
    package let pidfdInode: UInt64?
    /// Of the pid namespace in which `pid` is its number; `nil` where there are none. Nobody in another one can tell
    /// what has become of it.
    package let namespace: UInt64?
    /// The boot in which the process runs.
    package let boot: String

    package init(pid: Int32, startTime: Int64, pidfdInode: UInt64?, namespace: UInt64? = nil, boot: String) {
        self.pid = pid
        self.startTime = startTime
        self.pidfdInode = pidfdInode
        self.namespace = namespace
        self.boot = boot
    }
}
