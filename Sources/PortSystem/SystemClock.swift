import Libc
package import PortModel

/// The wall clock, and the monotonic clock that pauses while the machine sleeps: CLOCK_MONOTONIC on Linux,
/// CLOCK_UPTIME_RAW on macOS, where CLOCK_MONOTONIC includes sleep.
package enum SystemClock {
    /// The current time: clock_gettime(2).
    package static var uptime: Uptime {
        var time = timespec()
        #if os(Linux)
            clock_gettime(CLOCK_MONOTONIC, &time)
        #else
            clock_gettime(CLOCK_UPTIME_RAW, &time)
        #endif
        return Uptime(boot: boot, milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// The current time of the wall clock, cut off to milliseconds: clock_gettime(2) with CLOCK_REALTIME.
    package static var timestamp: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// The system's id of the current boot, or `unknown` when the system does not report one.
    package static let boot: String = {
        #if os(Linux)
            return SmallFile.text(at: "/proc/sys/kernel/random/boot_id")?.trimmingSpaces() ?? "unknown"
        #else
            var buffer = [CChar](repeating: 0, count: 64)
            var size = buffer.count
            guard sysctlbyname("kern.bootsessionuuid", &buffer, &size, nil, 0) == 0 else { return "unknown" }
            return String(cString: buffer)
        #endif
    }()
}
