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
            guard let stat = ProcessStat(pid: pid), !stat.hasEnded else { return nil }
            isStopped = stat.isStopped
            processorTime = stat.processorTime
            let threads = Directory.names(in: "/proc/\(pid)/task")
            isRunnable = threads.contains { thread in
                ["R", "D"].contains(ProcessStat(path: "/proc/\(pid)/task/\(thread)/stat")?.state)
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
}
