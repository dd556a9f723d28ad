import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The value of the Date header (RFC 9110, 5.6.7), which is formatted at most once a second.
final class DateCache: Sendable {
    private let last = Mutex((second: Int64.min, text: ""))

    /// Returns `now` in the form `Sun, 06 Nov 1994 08:49:37 GMT`.
    func date(at now: Date = Date()) -> String {
        let second = Int64(now.timeIntervalSince1970.rounded(.down))
        return last.withLock { last in
            if last.second != second { last = (second, Self.format(now)) }
            return last.text
        }
    }

    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    private static let calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar
    }()

    private static func format(_ date: Date) -> String {
        let parts = calendar.dateComponents([.weekday, .day, .month, .year, .hour, .minute, .second], from: date)
        // The calendar returns every requested component.
        let (weekday, day, month, year) = (parts.weekday!, parts.day!, parts.month!, parts.year!)
        let (hour, minute, second) = (twoDigits(parts.hour!), twoDigits(parts.minute!), twoDigits(parts.second!))
        return "\(days[weekday - 1]), \(twoDigits(day)) \(months[month - 1]) \(year) \(hour):\(minute):\(second) GMT"
    }

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
