import PortModel
import PortSystem

/// A table of text whose columns are as wide as their widest cell and two spaces apart.
struct Table {
    private let header: [String]
    private var rows: [[String]] = []

    init(_ header: [String]) { self.header = header }

    /// Adds a row, with U+FFFD in place of unprintable characters.
    mutating func add(_ row: [String]) { rows.append(row.map(\.oneLine)) }

    /// Returns the header and the rows as lines. The header is bold on a terminal.
    func rendered(emphasizingHeader: Bool = Terminal.allowsColor(on: 1)) -> String {
        var widths = header.map(\.columns)
        for row in rows {
            for (column, cell) in row.enumerated() { widths[column] = max(widths[column], cell.columns) }
        }
        func line(_ cells: [String]) -> String {
            let padded = zip(cells, widths).map { $0 + String(repeating: " ", count: $1 - $0.columns) }
            var text = padded.joined(separator: "  ")
            while text.last == " " { text.removeLast() }
            return text
        }
        let head = line(header)
        return ([emphasizingHeader ? "\u{1B}[1m\(head)\u{1B}[0m" : head] + rows.map(line)).joined(separator: "\n")
    }
}
