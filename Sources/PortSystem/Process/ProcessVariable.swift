import Libc
import Synchronization

/// An environment variable that processes of this user were started with, such as a mark that descendants inherit.
///
/// A value is remembered once it was seen, because programs such as nginx, Postgres, Ruby and Perl overwrite their
/// environment with their title. It lasts until the process executes another program, whose environment is another one.
/// That a process does not have the variable is not remembered.
package final class ProcessVariable: Sendable {
    /// The number of bytes of an environment that are searched: as many as the kernel accepts of a program's caller,
    /// unless somebody raised the limit of its stack. A variable that a program adds stands behind all others. Reading
    /// as much takes 0.4 ms, and a usual environment 0.03 ms.
    package static let environmentLimit = 2 << 20

    private struct Program: Hashable {
        var pid: Int32
        var startTime: Int64
    }

    private struct Seen {
        var value: String
        /// Where the environment begins in the memory of the program: see ``ProcessStat/environment``. 0 on macOS.
        var environment: UInt64
        /// The count of readings when this value was last returned.
        var reading: UInt64
    }

    private struct Memory {
        var seen: [Program: Seen] = [:]
        var readings: UInt64 = 0
        /// The number of values from which on those of processes that have ended are removed.
        var sweepCount = 64
    }

    /// The name, followed by `=`.
    private let prefix: [UInt8]
    private let capacity: Int
    private let memory = Mutex(Memory())

    /// Creates a reader of the variable `name`, which remembers the values of at most `capacity` processes: those that
    /// were read last.
    package init(_ name: String, capacity: Int = 4096) {
        prefix = Array("\(name)=".utf8)
        self.capacity = max(1, capacity)
    }

    /// The number of processes whose values are remembered.
    package var count: Int { memory.withLock { $0.seen.count } }

    /// Returns the value that the process with `pid` and `startTime` was started with, spelled as ``PathText`` spells
    /// names. If the variable is there twice, the first counts, as for getenv(3).
    ///
    /// Returns `nil` without the variable, or when it is empty; when the process has ended; and when it does not belong
    /// to this user alone: its real and its effective user must be this one, and if this is root, the process must not
    /// have become root by executing a set-user-ID program. What another user put into an environment therefore never
    /// counts.
    package func value(ofPID pid: Int32, startTime: Int64) -> String? {
        #if os(Linux)
            guard let directory = ProcDirectory(pid: pid), let stat = directory.readStat() else { return nil }
            return stat.startTime == startTime ? value(of: directory, stat) : nil
        #else
            guard let facts = ProcessFacts(pid: pid), facts.startTime == startTime,
                facts.realUserID == CurrentProcess.userID, facts.effectiveUserID == CurrentProcess.userID
            else { return nil }
            let value = Self.environment(of: pid).flatMap { $0.withUnsafeBytes(found) }
            return newest(value, Program(pid: pid, startTime: startTime), environment: 0)
        #endif
    }

    #if os(Linux)
        /// Returns the value as ``value(ofPID:startTime:)`` does. `stat` must have been read from the same directory:
        /// before the environment, so that a value that is remembered for a program was not the one before it.
        func value(of directory: borrowing ProcDirectory, _ stat: ProcessStat) -> String? {
            guard !stat.hasEnded else { return nil }
            let value = directory.withContent(of: "environ", limit: Self.environmentLimit, found)
            // The users are read after the environment: a process that gave up this user's rights meanwhile does not
            // count. One that got them has executed a set-user-ID program.
            guard let users = directory.users(), users.real == CurrentProcess.userID,
                users.effective == CurrentProcess.userID
            else { return nil }
            if CurrentProcess.userID == 0, directory.isSecureExecution { return nil }
            return newest(
                value,
                Program(pid: directory.pid, startTime: stat.startTime),
                environment: stat.environment
            )
        }
    #endif

    /// Returns the value of the first variable with this name among `bytes`, which are variables ended by zeros.
    private func found(_ bytes: UnsafeRawBufferPointer) -> String? {
        guard let base = bytes.baseAddress else { return nil }
        var start = 0
        while start < bytes.count {
            let length = memchr(base + start, 0, bytes.count - start).map { UnsafeRawPointer($0) - (base + start) }
            let end = start + (length ?? bytes.count - start)
            if end - start >= prefix.count, memcmp(base + start, prefix, prefix.count) == 0 {
                return PathText.name(Array(bytes[(start + prefix.count)..<end]))
            }
            start = end + 1
        }
        return nil
    }

    /// Remembers `value`, if it was found, and otherwise returns what is remembered of the same program. Empty values
    /// are remembered, too: the caller of the program has removed the one that it had.
    private func newest(_ value: String?, _ program: Program, environment: UInt64) -> String? {
        let newest = memory.withLock { memory -> String? in
            memory.readings += 1
            if let value {
                memory.seen[program] = Seen(value: value, environment: environment, reading: memory.readings)
                if memory.seen.count > min(capacity, memory.sweepCount) { sweep(&memory) }
            } else if let seen = memory.seen[program], environment == 0 || seen.environment == environment {
                // 0 is for a process that may not be read any more, because it has made itself undumpable.
                memory.seen[program]?.reading = memory.readings
            } else {
                memory.seen[program] = nil
            }
            return memory.seen[program]?.value
        }
        return newest.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Removes the values of processes that have ended, and if too many are left, those that were read longest ago:
    /// half of the room is free afterwards, so that this is done once for many new values.
    private func sweep(_ memory: inout Memory) {
        memory.seen = memory.seen.filter { ProcessFacts.startTime(of: $0.key.pid) == $0.key.startTime }
        if memory.seen.count > capacity {
            let oldest = memory.seen.sorted { $0.value.reading < $1.value.reading }.dropLast((capacity + 1) / 2)
            for (program, _) in oldest { memory.seen[program] = nil }
        }
        memory.sweepCount = max(64, memory.seen.count * 2)
    }

    #if !os(Linux)
        /// Returns the environment that the program of a process was started with; `nil` when it cannot be read.
        private static func environment(of pid: Int32) -> [UInt8]? {
            // ARG_MAX of sys/syslimits.h: into a smaller buffer the kernel writes the end of the data, not the
            // beginning.
            withUnsafeTemporaryAllocation(byteCount: 1 << 20, alignment: 8) { buffer in
                var name = [CTL_KERN, KERN_PROCARGS2, pid]
                var size = buffer.count
                guard sysctl(&name, 3, buffer.baseAddress, &size, nil, 0) == 0, size > MemoryLayout<Int32>.size
                else { return nil }
                // The buffer holds the number of arguments, the path of the program, zeros, the arguments, and then the
                // environment.
                var rest = buffer[MemoryLayout<Int32>.size..<size].drop { $0 != 0 }.drop { $0 == 0 }
                for _ in 0..<max(0, buffer.load(as: Int32.self)) { rest = rest.drop { $0 != 0 }.dropFirst() }
                return Array(rest)
            }
        }
    #endif
}
