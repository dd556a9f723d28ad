import Foundation
import PortSystem
import Synchronization

/// A process that a test started. No signal is blocked or ignored in it, whatever the tests were started with: `nohup`
/// and a shell's `&` ignore some, and Foundation's `Process` hands blocked signals on.
package final class ChildProcess: Sendable {
    /// What a standard stream of the process is.
    package enum Stream: Sendable {
        case null
        /// A file, which is created or emptied.
        case file(String)
        case descriptor(Int32)
        /// The stream of the test process.
        case inherited
    }

    package let pid: Int32
    private let status = Mutex<Int32?>(nil)

    /// Starts `command`, found on the PATH of `environment`.
    ///
    /// - Parameters:
    ///   - directory: The working directory; `nil` for the test's own.
    ///   - environment: The environment; `nil` for the test's own.
    package init(
        _ command: String,
        _ arguments: [String] = [],
        in directory: String? = nil,
        environment: [String: String]? = nil,
        input: Stream = .null,
        output: Stream = .inherited,
        errors: Stream = .inherited
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, stream) in [input, output, errors].enumerated() {
            let flags = number == 0 ? O_RDONLY : O_WRONLY | O_CREAT | O_TRUNC
            switch stream {
            case .null: posix_spawn_file_actions_addopen(&actions, Int32(number), "/dev/null", flags, 0)
            case .file(let path): posix_spawn_file_actions_addopen(&actions, Int32(number), path, flags, 0o644)
            case .descriptor(let descriptor): posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(number))
            case .inherited: break
            }
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        // env(1) changes the directory and finds the command, and then becomes it.
        let prefix = ["env"] + (directory.map { ["-C", $0] } ?? [])
        var words: [UnsafeMutablePointer<CChar>?] = (prefix + [command] + arguments).map { strdup($0) }
        let inherited = environment ?? ProcessInfo.processInfo.environment
        var variables: [UnsafeMutablePointer<CChar>?] = inherited.map { strdup("\($0)=\($1)") }
        words.append(nil)
        variables.append(nil)
        defer { for pointer in words + variables { free(pointer) } }
        var pid: pid_t = 0
        let result = posix_spawn(&pid, "/usr/bin/env", &actions, &attributes, words, variables)
        guard result == 0 else { throw SystemError("posix_spawn", command, number: result) }
        self.pid = pid
    }

    /// Waits for the end. Returns the exit status, or the negative number of the signal.
    @discardableResult
    package func wait() -> Int32 {
        status.withLock { status in
            if let status { return status }
            var value: Int32 = 0
            while waitpid(pid, &value, 0) < 0 && errno == EINTR {}
            let result = value & 0x7f == 0 ? (value >> 8) & 0xff : -(value & 0x7f)
            status = result
            return result
        }
    }

    /// Whether the process runs. A zombie does not.
    package var isRunning: Bool {
        status.withLock { status in
            guard status == nil else { return false }
            var information = siginfo_t()
            return waitid(P_PID, id_t(pid), &information, WEXITED | WNOHANG | WNOWAIT) == 0
                && information.si_signo == 0
        }
    }

    /// Sends a signal, if the process runs.
    package func signal(_ number: Int32) { if isRunning { kill(pid, number) } }

    /// Kills the process and returns when it has exited. It stays a zombie until ``wait()`` or ``end()``.
    package func killWithoutReaping() {
        signal(SIGKILL)
        var information = siginfo_t()
        while waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) < 0 && errno == EINTR {}
    }

    /// Kills the process, if it runs, and waits for the end.
    package func end() {
        signal(SIGKILL)
        wait()
    }
}
