/// A process that a hold is tied to. The start time and the pidfd inode make it unique, because pids are reused.
package struct Owner: Hashable, Sendable {
    /// The pid in the pid namespace of the daemon.
    package let pid: Int32
    /// The start time: on Linux in clock ticks since boot (field 22 of `/proc/PID/stat`), on macOS in microseconds
    /// since 1970.
    package let startTime: Int64
    /// The inode of the pidfd of the process, unique until the next boot; `nil` before Linux 6.9 and on macOS.
    package let pidfdInode: UInt64?
    /// The inode of the pid namespace in which `pid` is valid; `nil` on systems without pid namespaces. A process in
    /// another namespace cannot check this owner by its pid.
    package let namespace: UInt64?
    /// The id of the boot during which the process was started; see ``Uptime/boot``.
    package let boot: String

    package init(pid: Int32, startTime: Int64, pidfdInode: UInt64?, namespace: UInt64? = nil, boot: String) {
        self.pid = pid
        self.startTime = startTime
        self.pidfdInode = pidfdInode
        self.namespace = namespace
        self.boot = boot
    }
}
