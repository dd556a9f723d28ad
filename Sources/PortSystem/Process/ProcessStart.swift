import Libc
import PortModel

/// When processes were started, by the wall clock.
package enum ProcessStart {
    /// Returns the start of the process with `pid` in milliseconds since 1970; `nil` when there is no such process, or
    /// the system does not report it.
    package static func milliseconds(ofPID pid: Int32) -> Int64? {
        guard let facts = ProcessFacts(pid: pid) else { return nil }
        #if os(Linux)
            // Clock ticks since boot, sleep included.
            let age = milliseconds(CLOCK_BOOTTIME) - facts.startTime * 1000 / unitsPerSecond
            return milliseconds(CLOCK_REALTIME) - age
        #else
            return facts.startTime / 1000
        #endif
    }

    /// Returns how many seconds ago a process with this start time was started.
    static func age(of startTime: Int64) -> Int { Int(max(0, now - startTime) / unitsPerSecond) }

    #if os(Linux)
        private static let unitsPerSecond = Int64(sysconf(Int32(_SC_CLK_TCK)))
    #else
        private static let unitsPerSecond: Int64 = 1_000_000
    #endif

    /// The time now in the unit of ``Owner/startTime``: a process that starts later has at least this start time. It
    /// does not follow the wall clock on Linux.
    package static var now: Int64 {
        #if os(Linux)
            return milliseconds(CLOCK_BOOTTIME) * unitsPerSecond / 1000
        #else
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
        #endif
    }

    #if os(Linux)
        private static func milliseconds(_ clock: clockid_t) -> Int64 {
            var time = timespec()
            clock_gettime(clock, &time)
            return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
        }
    #endif
}
