import PortModel

/// A table of text, whose columns are two spaces apart.
///
/// Without a limit, each column is as wide as its widest cell. In a narrower window, columns are left out and cells are
/// shortened, so that no line is longer than the window.
struct Table {
    private let columns: [Column]
    private var rows: [[Cell]] = []

    init(_ columns: [Column]) { self.columns = columns }

    /// Adds a row, with U+FFFD in place of unprintable characters.
    mutating func add(_ row: [Cell]) {
        rows.append(row.map { Cell($0.text.oneLine, $0.tone) })
    }

    /// Returns the header and the rows as lines. The header is bold where colours may be used.
    func rendered(for display: Display) -> String {
        let fitted = Fitting(natural: naturalWidths, columns: columns, limit: display.width)
        let header = fitted.line(of: columns.map { Cell($0.title) }, for: display)
        let body = rows.flatMap { lines(of: $0, fitted, display) }
        return ([display.isColored ? "\u{1B}[1m\(header)\u{1B}[0m" : header] + body).joined(separator: "\n")
    }

    private var naturalWidths: [Int] {
        var widths = columns.map(\.title.columns)
        for row in rows {
            for (column, cell) in row.enumerated() { widths[column] = max(widths[column], cell.text.columns) }
        }
        return widths
    }

    /// The lines of a row: one, and more below it when its last column wraps.
    private func lines(of row: [Cell], _ fitted: Fitting, _ display: Display) -> [String] {
        guard let last = fitted.columns.last, columns[last].wraps, row[last].text.columns > fitted.widths[last] else {
            return [fitted.line(of: row, for: display)]
        }
        let parts = row[last].text.wrapped(fitted.widths[last])
        return parts.enumerated().map { index, part in
            var cells = index == 0 ? row : row.map { _ in Cell("") }
            cells[last] = Cell(part, row[last].tone)
            return fitted.line(of: cells, for: display)
        }
    }
}
