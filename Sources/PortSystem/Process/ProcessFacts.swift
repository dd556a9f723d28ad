import Libc

/// The facts that the system currently reports about one process.
struct ProcessFacts {
    /// The command name, at most 15 bytes on Linux.
    var name: String
    /// The pid of the parent.
    var parent: Int32
    /// The pid of the process that leads the session; -1 when it is unknown.
    var session: Int32
    /// Whether a signal such as SIGSTOP, or a debugger, has stopped the process.
    var isStopped: Bool
    /// Whether the process has exited and waits for its parent to notice.
    var isZombie: Bool
    /// The start time in the unit of ``Owner/startTime``.
    var startTime: Int64
    /// Whether this is a thread of a process and not its first one.
    var isThread: Bool
    var realUserID: UInt32
    var effectiveUserID: UInt32

    /// Reads the facts; `nil` when there is no such process or this user may not read them.
    init?(pid: Int32) {
        #if os(Linux)
            guard let stat = ProcessStat(pid: pid), let (users, threadGroup) = Self.status(at: "/proc/\(pid)/status")
            else { return nil }
            name = stat.name
            parent = stat.parent
            session = stat.session
            isStopped = stat.isStopped
            isZombie = stat.hasEnded
            startTime = stat.startTime
            isThread = threadGroup != pid
            (realUserID, effectiveUserID) = users
        #else
            var information = proc_bsdinfo()
            let size = Int32(MemoryLayout<proc_bsdinfo>.size)
            guard proc_pidinfo(pid, PROC_PIDTBSDINFO, 0, &information, size) == size else { return nil }
            name = withUnsafeBytes(of: information.pbi_comm) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            parent = Int32(information.pbi_ppid)
            session = getsid(pid)
            // SSTOP and SZOMB of sys/proc.h.
            isStopped = information.pbi_status == 4
            isZombie = information.pbi_status == 5
            isThread = false
            startTime = Int64(information.pbi_start_tvsec) * 1_000_000 + Int64(information.pbi_start_tvusec)
            realUserID = information.pbi_ruid
            effectiveUserID = information.pbi_uid
        #endif
    }

    /// Returns the start time of the process with `pid` in the unit of ``Owner/startTime``; `nil` when there is none.
    static func startTime(of pid: Int32) -> Int64? {
        #if os(Linux)
            ProcessStat(pid: pid)?.startTime
        #else
            ProcessFacts(pid: pid)?.startTime
        #endif
    }

    #if os(Linux)
        /// Reads the file `/proc/PID/status` at `path`, which is relative to the open `directory`. Returns the real and
        /// effective user ids, and the id of the thread group; `nil` when it cannot be read. The owner of files in
        /// `/proc/PID` is not enough: it is root for a process that may not be traced.
        static func status(
            at path: UnsafePointer<CChar>,
            in directory: Int32 = AT_FDCWD
        ) -> (users: (real: UInt32, effective: UInt32), threadGroup: Int32)? {
            let number = openat(directory, path, O_RDONLY | O_CLOEXEC)
            guard number >= 0 else { return nil }
            let file = FileDescriptor(owning: number)
            // The lines stand among the first ten, and only the name before them has no fixed length: at most 15 bytes,
            // or 64 for a thread of the kernel, each of which may be written as four.
            return withUnsafeTemporaryAllocation(byteCount: 1024, alignment: 1) { buffer in
                let text = buffer[..<max(0, read(file.number, buffer.baseAddress, buffer.count))]
                guard let threadGroup = numbers(after: "\nTgid:", in: text).first,
                    let users = Optional(numbers(after: "\nUid:", in: text)), users.count >= 2
                else { return nil }
                return ((users[0], users[1]), Int32(bitPattern: threadGroup))
            }
        }

        /// Returns the numbers on the line that begins with `key`.
        private static func numbers(after key: StaticString, in text: Slice<UnsafeMutableRawBufferPointer>) -> [UInt32]
        {
            key.withUTF8Buffer { key in
                var rest = text
                while let start = rest.firstIndex(of: UInt8(ascii: "\n")) {
                    rest = rest[start...]
                    if rest.starts(with: key) {
                        return rest.dropFirst(key.count).prefix { $0 != UInt8(ascii: "\n") }
                            .split(separator: UInt8(ascii: "\t")).compactMap { digits in
                                UInt32(String(decoding: digits, as: UTF8.self))
                            }
                    }
                    rest = rest.dropFirst()
                }
                return []
            }
        }
    #endif
}
