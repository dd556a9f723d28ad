import Foundation
import Synchronization

/// A process that a test started. Not Foundation's: that one leaves the test's blocked signals in its children.
final class Child: Sendable {
    let pid: Int32
    private let ending = Mutex<Int32?>(nil)

    struct CannotStart: Error {
        let command: String
        let reason: String
    }

    /// Starts `command`, found on the PATH of `environment`, with no input and its output in the two files.
    init(
        _ command: String,
        _ arguments: [String],
        in directory: String,
        environment: [String: String],
        output: String,
        errors: String
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

        // env(1) changes the directory and finds the command.
        var words: [UnsafeMutablePointer<CChar>?] = (["env", "-C", directory, command] + arguments).map { strdup($0) }
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0)=\($1)") }
        words.append(nil)
        variables.append(nil)
        defer { for pointer in words + variables { free(pointer) } }
        var pid: pid_t = 0
        let result = posix_spawn(&pid, "/usr/bin/env", &actions, &attributes, words, variables)
        guard result == 0 else { throw CannotStart(command: command, reason: String(cString: strerror(result))) }
        self.pid = pid
    }

    /// Waits for the end: the exit status, or the negative number of the signal.
    @discardableResult
    func wait() -> Int32 {
        ending.withLock { ending in
            if let ending { return ending }
            var status: Int32 = 0
            while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
            let result = status & 0x7f == 0 ? (status >> 8) & 0xff : -(status & 0x7f)
            ending = result
            return result
        }
    }

    /// Looks without waiting. A zombie has ended.
    var isRunning: Bool {
        ending.withLock { ending in
            guard ending == nil else { return false }
            var info = siginfo_t()
            return waitid(P_PID, id_t(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_signo == 0
        }
    }

    func signal(_ number: Int32) { if isRunning { kill(pid, number) } }

    /// Ends it at once, if it still runs.
    func end() {
        signal(SIGKILL)
        wait()
    }
}
