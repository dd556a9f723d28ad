import CPortSystem
import Libc

/// Starts a daemon that outlives this process and shares nothing with it. The daemon has its own session and no
/// descriptors but the log and a pipe on which it reports that it is ready. It is not a child of this process, which
/// may execute another program later (`portctl run`) that does not expect a child.
package enum DetachedProcess {
    /// The descriptor of the pipe's write end in the new process; the value of ``readinessVariable``.
    package static let readinessDescriptor: Int32 = 3
    /// The environment variable with the descriptor to which the new process writes one line when it is ready or has
    /// failed.
    package static let readinessVariable = "PORT_SERVER_READY_FD"

    /// Starts `executable` with its output appended to `log`. Returns everything that it writes to the pipe until it
    /// closes it; `nil` when that takes longer than `milliseconds`. Throws the error of pipe(2), fork(2) or
    /// posix_spawn(3). Call this only while the process has one thread.
    package static func start(
        _ executable: String,
        arguments: [String],
        log: borrowing FileDescriptor,
        milliseconds: Int32
    ) throws(SystemError) -> String? {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw .last("pipe") }
        let reading = FileDescriptor(owning: ends[0])
        let writing = FileDescriptor(owning: ends[1])
        _ = fcntl(reading.number, F_SETFD, FD_CLOEXEC)
        // The intermediate child exits at once, so that process 1 or a subreaper adopts the daemon.
        let intermediate = try retrying("fork") { cport_fork() }
        if intermediate == 0 {
            do {
                try spawn(executable, arguments: arguments, log: log.number, writingEnd: writing.number)
                _exit(0)
            } catch {
                // The exit status carries the errno, which is always below 256.
                _exit(error.number)
            }
        }
        _ = consume writing
        var status: Int32 = 0
        try retrying("waitpid") { waitpid(intermediate, &status, cport_wait_options) }
        guard status == 0 else { throw SystemError("posix_spawn", executable, number: (status >> 8) & 0xff) }
        return readAll(from: reading, milliseconds: milliseconds)
    }

    private static func spawn(
        _ executable: String,
        arguments: [String],
        log: Int32,
        writingEnd: Int32
    ) throws(SystemError) {
        // Move both above descriptor 3: when standard streams of the caller are closed, they may have low numbers,
        // which the actions below overwrite one after the other.
        let pipe = FileDescriptor(owning: try retrying("fcntl") { fcntl(writingEnd, F_DUPFD_CLOEXEC, 10) })
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
            flags |= 0x80  // POSIX_SPAWN_SETSID, which glibc declares only with _GNU_SOURCE
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
    }

    /// Reads until the writer closes its end; returns `nil` when that takes longer than `milliseconds`.
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
