#if os(Linux)
    import Libc

    /// The content of `/proc/PID/stat`, or of a thread's file of that name; proc_pid_stat(5).
    struct ProcessStat {
        /// The command name, at most 15 bytes. Bytes that are not UTF-8 are replaced.
        let name: String
        /// Such as `R` or `S`.
        let state: Character
        /// The pid of the parent.
        let parent: Int32
        /// The pid of the process that leads the session; -1 when it is unknown.
        let session: Int32
        /// The processor time until now, in clock ticks.
        let processorTime: UInt64
        /// In the unit of ``Owner/startTime``.
        let startTime: Int64
        /// Where the arguments of the program begin in its memory, and where its environment does. Both are 0 for a
        /// process that this user may not read, and change when it executes another program, but not when the program
        /// overwrites them.
        let arguments: UInt64
        let environment: UInt64

        /// Reads the file at `path`, which is relative to the open `directory`; `nil` when there is none.
        init?(path: UnsafePointer<CChar>, in directory: Int32 = AT_FDCWD) {
            let number = openat(directory, path, O_RDONLY | O_CLOEXEC)
            guard number >= 0 else { return nil }
            defer { close(number) }
            // The 52 fields have at most 20 digits each, so that one read(2) returns all of them.
            let stat = withUnsafeTemporaryAllocation(byteCount: 2048, alignment: 1) { buffer in
                ProcessStat(buffer[..<max(0, read(number, buffer.baseAddress, buffer.count))])
            }
            guard let stat else { return nil }
            self = stat
        }

        /// Reads the file of a process; `nil` when there is none with that pid.
        init?(pid: Int32) { self.init(path: "/proc/\(pid)/stat") }

        /// Parses bytes without copying them, because a reading of all processes parses thousands of files.
        private init?(_ text: Slice<UnsafeMutableRawBufferPointer>) {
            // The name may contain spaces and parentheses, so the other fields begin after the last parenthesis.
            guard let open = text.firstIndex(of: UInt8(ascii: "(")), let close = text.lastIndex(of: UInt8(ascii: ")")),
                open < close, close + 4 < text.endIndex
            else { return nil }
            var (parent, session, processorTime): (Int32?, Int32, UInt64) = (nil, -1, 0)
            var (startTime, arguments, environment): (Int64?, UInt64, UInt64) = (nil, 0, 0)
            // The number of the field in the manual page, and its value so far.
            var (field, value, isNegative) = (4, UInt64(0), false)
            for byte in text[(close + 4)...] {
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value &* 10 &+ UInt64(byte - UInt8(ascii: "0"))
                case UInt8(ascii: "-"): isNegative = true
                default:
                    switch field {
                    case 4: parent = Int32(exactly: value)
                    case 6: session = isNegative ? -1 : Int32(exactly: value) ?? -1
                    case 14, 15: processorTime &+= value
                    case 22: startTime = Int64(exactly: value)
                    case 48: arguments = value
                    case 50: environment = value
                    default: break
                    }
                    (field, value, isNegative) = (field + 1, 0, false)
                }
            }
            guard let parent, let startTime else { return nil }
            name = String(decoding: text[(open + 1)..<close], as: UTF8.self)
            state = Character(Unicode.Scalar(text[close + 2]))
            self.parent = parent
            self.session = session
            self.processorTime = processorTime
            self.startTime = startTime
            self.arguments = arguments
            self.environment = environment
        }

        /// Whether a signal such as SIGSTOP (`T`), or a debugger (`t`), has stopped it.
        var isStopped: Bool { state == "T" || state == "t" }
        /// Whether it has ended, and at most waits for its parent to notice.
        var hasEnded: Bool { state == "Z" || state == "X" }

        /// The files of processes, each read at most once while one question is answered: the processes that listen
        /// have most of their ancestors in common.
        final class Readings {
            private var stats: [Int32: ProcessStat?] = [:]

            /// Returns the file of a process; `nil` when there is none with that pid.
            func stat(of pid: Int32) -> ProcessStat? {
                if let known = stats[pid] { return known }
                let stat = ProcessStat(pid: pid)
                stats.updateValue(stat, forKey: pid)
                return stat
            }
        }
    }
#endif
