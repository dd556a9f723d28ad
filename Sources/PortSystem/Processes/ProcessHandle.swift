#if canImport(Glibc)
    internal import CPortSystem
    internal import Glibc
#elseif canImport(Musl)
    internal import CPortSystem
    internal import Musl
#else
    internal import Darwin
#endif

/// One process, which cannot turn into another one of the same number while this exists (pidfd; on macOS only the
/// number).
package struct ProcessHandle: ~Copyable {
    package let pid: Int32
    #if os(Linux)
        private let descriptor: FileDescriptor
    #endif

    /// `nil` when there is no such process.
    package static func open(pid: Int32) -> ProcessHandle? {
        guard pid > 0 else { return nil }
        #if os(Linux)
            let number = cport_pidfd_open(pid)
            return number < 0 ? nil : ProcessHandle(pid: pid, descriptor: FileDescriptor(owning: number))
        #else
            return kill(pid, 0) == 0 || errno == EPERM ? ProcessHandle(pid: pid) : nil
        #endif
    }

    /// Asks the process to end (SIGTERM). Throws EPERM for another user's process and ESRCH for one that ended.
    package func terminate() throws(SystemError) {
        #if os(Linux)
            try retrying("pidfd_send_signal", "\(pid)") { cport_pidfd_send_signal(descriptor.number, SIGTERM) }
        #else
            try retrying("kill", "\(pid)") { kill(pid, SIGTERM) }
        #endif
    }

    /// Whether the process ended within `milliseconds`. A zombie has ended.
    package func hasEnded(within milliseconds: Int32) -> Bool {
        #if os(Linux)
            var request = pollfd(fd: descriptor.number, events: Int16(POLLIN), revents: 0)
            return (try? retrying("poll") { poll(&request, 1, milliseconds) }) == 1
        #else
            for _ in 0..<max(1, milliseconds / 10) {
                if kill(pid, 0) != 0 && errno == ESRCH { return true }
                usleep(10_000)
            }
            return false
        #endif
    }
}
