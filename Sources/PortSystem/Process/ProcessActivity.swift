import Libc

/// What a process does at the moment, which distinguishes one that hangs from one that is busy.
package struct ProcessActivity: Hashable, Sendable {
    /// Whether it was stopped, by SIGSTOP or by a debugger.
    package let isStopped: Bool
    /// Whether one of its threads runs, is ready to run, or waits for a disk.
    package let isRunnable: Bool
    /// The processor time of all its threads until now, in a unit of the system.
    package let processorTime: UInt64

    /// Reads the activity; `nil` when there is no such process, when it has ended, or when the system does not show it
    /// to this user.
    package init?(pid: Int32) {
        #if os(Linux)
            guard let main = Self.fields(of: "/proc/\(pid)/stat"), main.count > 12, let user = UInt64(main[11]),
                let system = UInt64(main[12]), !["Z", "X"].contains(main[0])
            else { return nil }
            // T: stopped by a signal, t: by a debugger; proc_pid_stat(5).
            isStopped = ["T", "t"].contains(main[0])
            processorTime = user + system
            let threads = Directory.names(in: "/proc/\(pid)/task")
            isRunnable = threads.contains { thread in
                ["R", "D"].contains(Self.fields(of: "/proc/\(pid)/task/\(thread)/stat")?.first ?? "")
            }
        #else
            var information = proc_taskallinfo()
            let size = Int32(MemoryLayout<proc_taskallinfo>.size)
            guard proc_pidinfo(pid, PROC_PIDTASKALLINFO, 0, &information, size) == size,
                information.pbsd.pbi_status != UInt32(SZOMB)
            else { return nil }
            isStopped = information.pbsd.pbi_status == UInt32(SSTOP)
            processorTime = information.ptinfo.pti_total_user + information.ptinfo.pti_total_system
            isRunnable = information.ptinfo.pti_numrunning > 0
        #endif
    }

    #if os(Linux)
        /// The fields of a `stat` file from the state on, which is field 3.
        private static func fields(of path: String) -> [Substring]? {
            guard let text = SmallFile.text(at: path), let close = text.lastIndex(of: ")") else { return nil }
            return text[text.index(after: close)...].split(separator: " ")
        }
    #endif
}
