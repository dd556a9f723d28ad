import CPortSystem
import Libc

/// A reference to one process. On Linux it holds a pidfd, so it never refers to a later process with the same pid.
/// Where pidfds are missing, as in gVisor and under old seccomp filters, it holds the pid and the start time, which
/// leaves a moment between looking and signalling; on macOS only the pid.
package struct ProcessHandle: ~Copyable {
    package let pid: Int32
    #if os(Linux)
        /// The pidfd; its number is -1 where there are none.
        private let descriptor: FileDescriptor
        /// The start time, in the unit of ``Owner/startTime``, of a process without a pidfd; otherwise 0.
        private let startTime: Int64
    #endif

    /// Whether the system reports the exit of a process, so that it need not be looked for: whether there are pidfds.
    package static let reportsExits: Bool = {
        #if os(Linux)
            let number = cport_pidfd_open(CurrentProcess.pid)
            if number >= 0 { close(number) }
            return number >= 0
        #else
            return true
        #endif
    }()

    /// Opens the process with `pid`; `nil` when there is no such process, or when `pid` is the id of a thread. Throws
    /// errors that do not concern the process, such as EMFILE.
    package static func open(pid: Int32) throws(SystemError) -> ProcessHandle? {
        guard pid > 0 else { return nil }
        #if os(Linux)
            let number = cport_pidfd_open(pid)
            if number >= 0 { return ProcessHandle(pid: pid, descriptor: FileDescriptor(owning: number), startTime: 0) }
            switch errno {
            case ESRCH, EINVAL, ENOENT: return nil
            // The system or a sandbox has no pidfds.
            case ENOSYS, EPERM, EACCES:
                guard let facts = ProcessFacts(pid: pid), !facts.isThread else { return nil }
                return ProcessHandle(pid: pid, descriptor: FileDescriptor(owning: -1), startTime: facts.startTime)
            default: throw .last("pidfd_open", "\(pid)")
            }
        #else
            return Darwin.kill(pid, 0) == 0 || errno == EPERM ? ProcessHandle(pid: pid) : nil
        #endif
    }

    #if os(Linux)
        /// The inode of the pidfd, unique until the next boot; `nil` before Linux 6.9.
        var inode: UInt64? {
            var fileSystem = statfs()
            var status = stat()
            // PIDFS_MAGIC of the kernel's include/uapi/linux/magic.h; before pidfs, all pidfds share one inode.
            guard fstatfs(descriptor.number, &fileSystem) == 0, fileSystem.f_type == 0x5049_4446,
                fstat(descriptor.number, &status) == 0
            else { return nil }
            return UInt64(status.st_ino)
        }

        /// The pidfd, which becomes readable when the process has ended; -1 where there are none. The handle closes it.
        var number: Int32 { descriptor.number }
    #else
        /// 0, because macOS has no pidfds: it is below every limit of descriptors.
        var number: Int32 { 0 }
    #endif

    /// Sends SIGTERM. Throws EPERM for a process of another user and ESRCH for one that has ended.
    package func terminate() throws(SystemError) { try send(SIGTERM) }

    /// Sends SIGKILL. Throws like ``terminate()``.
    package func kill() throws(SystemError) { try send(SIGKILL) }

    private func send(_ signal: Int32) throws(SystemError) {
        #if os(Linux)
            if descriptor.number >= 0 {
                let number = descriptor.number
                do throws(SystemError) {
                    try retrying("pidfd_send_signal", "\(pid)") { cport_pidfd_send_signal(number, signal) }
                    return
                } catch {
                    // A sandbox may deny only this call. A signal that may not be sent is denied below, too.
                    guard [ENOSYS, EPERM].contains(error.number) else { throw error }
                }
            }
            guard !hasEnded(within: 0) else { throw SystemError("kill", "\(pid)", number: ESRCH) }
            try retrying("kill", "\(pid)") { systemKill(pid, signal) }
        #else
            try retrying("kill", "\(pid)") { Darwin.kill(pid, signal) }
        #endif
    }

    /// Waits at most `milliseconds` for the process to end. Returns whether it has ended; a zombie has.
    package func hasEnded(within milliseconds: Int32) -> Bool {
        #if os(Linux)
            guard descriptor.number >= 0 else { return hasEndedWithoutPidfd(within: milliseconds) }
            var request = pollfd(fd: descriptor.number, events: Int16(POLLIN), revents: 0)
            return (try? retrying("poll") { poll(&request, 1, milliseconds) }) == 1
        #else
            var left = milliseconds
            while true {
                if Darwin.kill(pid, 0) != 0 && errno == ESRCH { return true }
                if left <= 0 { return false }
                usleep(10_000)
                left -= 10
            }
        #endif
    }

    #if os(Linux)
        /// Looks at the process in `/proc` every ten milliseconds, for at most `milliseconds`.
        private func hasEndedWithoutPidfd(within milliseconds: Int32) -> Bool {
            var left = milliseconds
            while true {
                let facts = ProcessFacts(pid: pid)
                if facts?.startTime != startTime || facts?.isZombie == true { return true }
                if left <= 0 { return false }
                CurrentProcess.pause(milliseconds: 10)
                left -= 10
            }
        }
    #endif
}

#if os(Linux)
    /// kill(2), which the method of ``ProcessHandle`` hides.
    private func systemKill(_ pid: Int32, _ signal: Int32) -> Int32 { kill(pid, signal) }
#endif
