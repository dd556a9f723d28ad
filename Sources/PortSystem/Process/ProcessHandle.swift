import CPortSystem
import Libc

/// One process, which cannot turn into another one of the same number while this exists (pidfd; on macOS only the
/// number).
package struct ProcessHandle: ~Copyable {
    package let pid: Int32
    #if os(Linux)
        private let descriptor: FileDescriptor
    #endif

    /// `nil` when there is no such process: a number may be a thread's now. Throws what says nothing of the process,
    /// such as EMFILE.
    package static func open(pid: Int32) throws(SystemError) -> ProcessHandle? {
        guard pid > 0 else { return nil }
        #if os(Linux)
            let number = cport_pidfd_open(pid)
            if number >= 0 { return ProcessHandle(pid: pid, descriptor: FileDescriptor(owning: number)) }
            guard [ESRCH, EINVAL, ENOENT].contains(errno) else { throw .last("pidfd_open", "\(pid)") }
            return nil
        #else
            return Darwin.kill(pid, 0) == 0 || errno == EPERM ? ProcessHandle(pid: pid) : nil
        #endif
    }

    #if os(Linux)
        /// The process's inode in the kernel's pidfs, unique for the whole boot; `nil` before Linux 6.9.
        var inode: UInt64? {
            var fileSystem = statfs()
            var status = stat()
            // PIDFS_MAGIC of the kernel's include/uapi/linux/magic.h; older pidfds share one anonymous inode.
            guard fstatfs(descriptor.number, &fileSystem) == 0, fileSystem.f_type == 0x5049_4446,
                fstat(descriptor.number, &status) == 0
            else { return nil }
            return UInt64(status.st_ino)
        }

        /// The pidfd, which becomes readable when the process has ended. It is closed with the handle.
        var number: Int32 { descriptor.number }
    #else
        /// macOS has none; 0 is below every limit.
        var number: Int32 { 0 }
    #endif

    /// Asks the process to end (SIGTERM). Throws EPERM for another user's process and ESRCH for one that ended.
    package func terminate() throws(SystemError) { try send(SIGTERM) }

    /// Ends the process (SIGKILL). Throws as ``terminate()``.
    package func kill() throws(SystemError) { try send(SIGKILL) }

    private func send(_ signal: Int32) throws(SystemError) {
        #if os(Linux)
            try retrying("pidfd_send_signal", "\(pid)") { cport_pidfd_send_signal(descriptor.number, signal) }
        #else
            try retrying("kill", "\(pid)") { Darwin.kill(pid, signal) }
        #endif
    }

    /// Whether the process ended within `milliseconds`. A zombie has ended.
    package func hasEnded(within milliseconds: Int32) -> Bool {
        #if os(Linux)
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
}

extension SystemError {
    /// The process that was to be signalled has ended.
    package var isOfEndedProcess: Bool { number == ESRCH }
}
