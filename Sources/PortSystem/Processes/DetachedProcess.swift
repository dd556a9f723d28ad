#if canImport(Glibc)
    internal import CPortSystem
    internal import Glibc
#elseif canImport(Musl)
    internal import CPortSystem
    internal import Musl
#else
    internal import Darwin
#endif

/// Starting a daemon that outlives its starter and holds nothing of it: a session of its own, no descriptor but the
/// log, and a pipe over which it says that it is ready.
package enum DetachedProcess {
    /// The descriptor of the pipe's writing end in the new process, named to it by ``readinessVariable``.
    package static let readinessDescriptor: Int32 = 3
    /// The environment variable that tells the new process to write one line to ``readinessDescriptor``.
    package static let readinessVariable = "PORT_SERVER_READY_FD"

    /// Starts `executable` with its output appended to the log, and returns what it wrote to the pipe until it closed
    /// it: all of it within `milliseconds`, or `nil`. Throws when it cannot be started.
    package static func start(
        _ executable: String,
        arguments: [String],
        log: borrowing FileDescriptor,
        milliseconds: Int32
    ) throws(SystemError) -> (pid: Int32, said: String?) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw .last("pipe") }
        let reading = FileDescriptor(owning: ends[0])
        let pid = try spawn(executable, arguments: arguments, log: log.number, writingEnd: ends[1])
        return (pid, readAll(from: reading, milliseconds: milliseconds))
    }

    private static func spawn(
        _ executable: String,
        arguments: [String],
        log: Int32,
        writingEnd: Int32
    ) throws(SystemError) -> Int32 {
        // Above the standard streams and 3, even when the caller had some of them closed: the actions below overwrite
        // those one after the other.
        let original = FileDescriptor(owning: writingEnd)
        let pipe = FileDescriptor(owning: try retrying("fcntl") { fcntl(original.number, F_DUPFD_CLOEXEC, 10) })
        let log = FileDescriptor(owning: try retrying("fcntl") { fcntl(log, F_DUPFD_CLOEXEC, 10) })
        #if os(Linux)
            var actions = posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
        #else
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, log.number, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, log.number, STDERR_FILENO)
        posix_spawn_file_actions_adddup2(&actions, pipe.number, readinessDescriptor)
        var flags = Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF)
        #if os(Linux)
            cport_spawn_close_from(&actions, readinessDescriptor + 1)
            flags |= 0x80  // POSIX_SPAWN_SETSID, which glibc shows only with _GNU_SOURCE
        #else
            flags |= Int16(POSIX_SPAWN_SETSID) | Int16(POSIX_SPAWN_CLOEXEC_DEFAULT)
        #endif
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, flags)

        var vector = ([executable] + arguments).map { strdup($0) }
        vector.append(nil)
        defer { for pointer in vector { free(pointer) } }
        setenv(readinessVariable, String(readinessDescriptor), 1)
        defer { unsetenv(readinessVariable) }
        var pid: pid_t = 0
        let result = posix_spawn(&pid, executable, &actions, &attributes, vector, environ)
        guard result == 0 else { throw SystemError("posix_spawn", executable, number: result) }
        return pid
    }

    /// Everything until the writer closes its end; `nil` when that takes longer than `milliseconds`.
    private static func readAll(from descriptor: borrowing FileDescriptor, milliseconds: Int32) -> String? {
        let deadline = ContinuousClock.now + .milliseconds(Int(milliseconds))
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let left = (deadline - .now) / .milliseconds(1)
            var request = pollfd(fd: descriptor.number, events: Int16(POLLIN), revents: 0)
            let number = descriptor.number
            guard left > 0, (try? retrying("poll", "", { poll(&request, 1, Int32(left.rounded(.up))) })) == 1,
                let count = try? retrying("read", "", { read(number, &buffer, buffer.count) })
            else { return nil }
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(contentsOf: buffer[..<count])
        }
    }
}
