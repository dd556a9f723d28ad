/// A time in seconds since 1970 (UTC).
struct Moment {
    let seconds: Int64

    /// Reads `2025-02-08T15:04:05Z`, with or without a fraction of a second: the times of the daemon. `nil` for another
    /// text.
    init?(rfc3339 text: String) {
        let parts = text.utf8.split(whereSeparator: { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
            .compactMap { Int64(String(decoding: $0, as: UTF8.self)) }
        guard text.last == "Z", (6...7).contains(parts.count), (1...12).contains(parts[1]) else { return nil }
        // Days since 1970-03-01, with years that begin in March, so that a leap day is the last one.
        let (year, month) = parts[1] > 2 ? (parts[0], parts[1] - 3) : (parts[0] - 1, parts[1] + 9)
        let leapDays = year / 4 - year / 100 + year / 400
        let days = 365 * year + leapDays + (153 * month + 2) / 5 + parts[2] - 719_469
        seconds = ((days * 24 + parts[3]) * 60 + parts[4]) * 60 + parts[5]
    }
}
