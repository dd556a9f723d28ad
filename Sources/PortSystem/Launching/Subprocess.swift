import CPortSystem
import Libc

/// Runs other programs to completion, where the system offers no function for a task.
package enum Subprocess {
    /// The exit status and output of a program.
    package struct Outcome {
        /// The exit code, or 128 plus the number of the signal that ended the program.
        package var status: Int32
        /// Standard output and, unless it was left alone, standard error.
        package var output: String

        /// The first line of the output, or the exit code when there is no output.
        var firstLine: String {
            output.split(whereSeparator: \.isNewline).first.map(String.init) ?? "exit code \(status)"
        }
    }

    /// Runs a program without input. `command` is its name, which is searched for in PATH, and its arguments. Throws
    /// the error of posix_spawnp(3), such as ENOENT. Output beyond about `limit` bytes is lost. Standard error is part
    /// of the output only with `mergesErrors`.
    package static func run(
        _ command: [String],
        limit: Int = 65536,
        mergesErrors: Bool = true
    ) throws(SystemError) -> Outcome {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw .last("pipe") }
        let reading = FileDescriptor(owning: ends[0])
        let writing = FileDescriptor(owning: ends[1])
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        #if os(Linux)
            var actions = posix_spawn_file_actions_t()
        #else
            var actions: posix_spawn_file_actions_t?
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, writing.number, STDOUT_FILENO)
        if mergesErrors { posix_spawn_file_actions_adddup2(&actions, writing.number, STDERR_FILENO) }
        var vector = command.map { strdup($0) }
        vector.append(nil)
        defer { for pointer in vector { free(pointer) } }
        var pid: pid_t = 0
        let result = posix_spawnp(&pid, command[0], &actions, nil, vector, environ)
        guard result == 0 else { throw SystemError("posix_spawn", command[0], number: result) }
        _ = consume writing
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let number = reading.number
            let count = try retrying("read") { read(number, &buffer, buffer.count) }
            if count == 0 { break }
            if bytes.count < limit { bytes.append(contentsOf: buffer[..<count]) }
        }
        var status: Int32 = 0
        try retrying("waitpid") { waitpid(pid, &status, 0) }
        let signal = status & 0x7f
        return Outcome(
            status: signal == 0 ? (status >> 8) & 0xff : 128 + signal,
            output: String(decoding: bytes, as: UTF8.self)
        )
    }
}
