import PortModel

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Timestamp {
    /// The moment as in RFC 3339, in UTC and whole seconds: `2026-02-07T11:26:12Z`.
    var text: String { secondsText + "Z" }

    /// The moment as in RFC 3339, in UTC with milliseconds: `2026-02-07T11:26:12.228Z`.
    var textWithMilliseconds: String {
        let digits = String(1000 + (milliseconds % 1000 + 1000) % 1000).dropFirst()
        return "\(secondsText).\(digits)Z"
    }

    /// Whole seconds, which a Date represents exactly.
    private var secondsText: String {
        String(Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601).dropLast())
    }

    /// Seconds since the start of 1970, rounded down.
    private var seconds: Int64 { milliseconds / 1000 - (milliseconds % 1000 < 0 ? 1 : 0) }
}
