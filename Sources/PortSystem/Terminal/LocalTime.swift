import Libc

/// The time of day in the time zone of the user.
package enum LocalTime {
    /// Returns `2025-02-08 15:04:05` in the time zone that TZ names, else in the system's: localtime_r(3), which takes
    /// an unknown zone for UTC, as date(1) does. `seconds` are those since 1970 (UTC).
    package static func text(of seconds: Int64) -> String {
        var moment = time_t(seconds)
        var fields = tm()
        // localtime_r(3) need not read TZ.
        tzset()
        guard localtime_r(&moment, &fields) != nil else { return "\(seconds)" }
        func digits(_ number: Int32, _ count: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        let day = [digits(fields.tm_year + 1900, 4), digits(fields.tm_mon + 1, 2), digits(fields.tm_mday, 2)]
        let time = [digits(fields.tm_hour, 2), digits(fields.tm_min, 2), digits(fields.tm_sec, 2)]
        return day.joined(separator: "-") + " " + time.joined(separator: ":")
    }

    /// The current time in seconds since 1970 (UTC): time(2).
    package static var now: Int64 { Int64(time(nil)) }
}
