/// A moment of the wall clock, in whole milliseconds: the precision of the database and of the wire.
package struct Timestamp: Hashable, Comparable, Sendable {
    /// Milliseconds since the start of 1970 (UTC); negative before it.
    package let milliseconds: Int64

    /// Creates the moment that lies `milliseconds` after the start of 1970 (UTC).
    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Returns the seconds from `other` to this moment, cut off; negative when it lies before. Any two moments may be
    /// compared: a damaged row may have the most remote ones.
    package func seconds(since other: Timestamp) -> Int64 {
        let (difference, overflows) = milliseconds.subtractingReportingOverflow(other.milliseconds)
        return (overflows ? (milliseconds < 0 ? .min : .max) : difference) / 1000
    }

    /// Whether `left` lies before `right`.
    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }
}
