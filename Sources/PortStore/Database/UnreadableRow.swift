/// A row contains a value that no version of this program writes.
struct UnreadableRow: Error, CustomStringConvertible {
    let column: String

    var description: String { "unreadable value in \(column)" }
}
