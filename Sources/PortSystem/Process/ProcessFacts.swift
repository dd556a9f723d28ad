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
            guard let stat = ProcessStat(pid: pid), let parent: Int32 = stat.field(4),
                let startTime: Int64 = stat.field(22), let (users, threadGroup) = Self.status(of: pid)
            else { return nil }
            name = stat.name
            self.parent = parent
            session = stat.field(6) ?? -1
            isStopped = stat.isStopped
            isZombie = stat.hasEnded
            self.startTime = startTime
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

    #if os(Linux)
        /// Returns the real and effective user ids, and the id of the thread group. The owner of `/proc/PID` is not
        /// enough: it is root for a process that may not be traced.
        private static func status(of pid: Int32) -> (users: (real: UInt32, effective: UInt32), threadGroup: Int32)? {
            var threadGroup: Int32?
            for line in (SmallFile.text(at: "/proc/\(pid)/status") ?? "").split(separator: "\n") {
                let words = line.split(whereSeparator: \.isWhitespace)
                if words.first == "Tgid:", words.count > 1 { threadGroup = Int32(words[1]) }
                guard words.first == "Uid:", words.count >= 3, let real = UInt32(words[1]),
                    let effective = UInt32(words[2]), let threadGroup
                else { continue }
                return ((real, effective), threadGroup)
            }
            return nil
        }
    #endif
}
