import CPortSystem
import Libc

/// Other programs that are run to their end, for what the system offers no call for.
enum Subprocess {
    struct Answer {
        /// The exit code; 128 and the signal's number when one ended it.
        var status: Int32
        /// Both streams, at most 64 KB.
        var output: String

        var firstLine: String {
            output.split(whereSeparator: \.isNewline).first.map(String.init) ?? "exit code \(status)"
        }
    }

    /// Runs the program that PATH names, without input. Throws ENOENT and what else posix_spawnp(3) says.
    static func run(_ words: [String]) throws(SystemError) -> Answer {
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
        posix_spawn_file_actions_adddup2(&actions, writing.number, STDERR_FILENO)
        var vector = words.map { strdup($0) }
        vector.append(nil)
        defer { for pointer in vector { free(pointer) } }
        var pid: pid_t = 0
        let result = posix_spawnp(&pid, words[0], &actions, nil, vector, environ)
        guard result == 0 else { throw SystemError("posix_spawn", words[0], number: result) }
        _ = consume writing
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let number = reading.number
            let count = try retrying("read") { read(number, &buffer, buffer.count) }
            if count == 0 { break }
            if bytes.count < 65536 { bytes.append(contentsOf: buffer[..<count]) }
        }
        var status: Int32 = 0
        try retrying("waitpid") { waitpid(pid, &status, 0) }
        let signal = status & 0x7f
        return Answer(
            status: signal == 0 ? (status >> 8) & 0xff : 128 + signal,
            output: String(decoding: bytes, as: UTF8.self)
        )
    }
}
