extension Table {
    /// Which columns of a table are shown, and how wide: a pure decision.
    struct Fitting {
        /// The spaces between two columns.
        static let gap = 2

        /// All columns of the table.
        private let all: [Column]
        /// The indices of the columns that are shown, from left to right.
        private(set) var columns: [Int]
        /// The width of each column of the table.
        private(set) var widths: [Int]

        /// Chooses the widths. `natural` are the widths of the widest cells; without a limit, they are the widths.
        init(natural: [Int], columns all: [Column], limit: Int?) {
            self.all = all
            columns = Array(all.indices)
            widths = natural
            guard let limit else { return }
            if Self.total(natural, columns) > limit { columns.removeAll { all[$0].isSpare } }
            // Leave out columns until the others fit when they are shortened as far as is useful.
            let least = all.indices.map { min(natural[$0], all[$0].minimum ?? natural[$0]) }
            while Self.total(least, columns) > limit,
                let dropped = columns.filter({ all[$0].rank > 0 }).max(by: { all[$0].rank < all[$1].rank })
            {
                columns.removeAll { $0 == dropped }
            }
            shorten(to: least, limit)
            // A window narrower than the most important columns: shorten them further, but for the numbers.
            shorten(to: all.indices.map { min(natural[$0], all[$0].minimum == nil ? natural[$0] : 1) }, limit)
            // Last, shorten everything, and leave out what would have no width.
            shorten(to: all.map { _ in 1 }, limit)
            while Self.total(widths, columns) > limit, columns.count > 1 { columns.removeLast() }
            if let first = columns.first, columns.count == 1 { widths[first] = min(widths[first], max(1, limit)) }
        }

        /// Shortens the widest columns until all fit into `limit`, but none below its width in `least`.
        private mutating func shorten(to least: [Int], _ limit: Int) {
            var excess = Self.total(widths, columns) - limit
            while excess > 0 {
                let flexible = columns.filter { widths[$0] > least[$0] }
                guard let widest = flexible.max(by: { widths[$0] < widths[$1] }) else { return }
                // Down to the next lower width of the others at once, so that a long cell costs no more than a short.
                let level = flexible.map { widths[$0] }.filter { $0 < widths[widest] }.max() ?? 0
                let step = max(1, min(excess, widths[widest] - max(least[widest], level)))
                widths[widest] -= step
                excess -= step
            }
        }

        /// The cells that are shown, in one line without spaces at its end.
        func line(of row: [Cell], for display: Display) -> String {
            var line = ""
            // Written only before further text.
            var spaces = 0
            for column in columns {
                let whole = row[column].text
                let text = display.width == nil ? whole : whole.shortened(widths[column], cut: all[column].cut)
                if !text.isEmpty {
                    line += String(repeating: " ", count: spaces) + display.painted(text, row[column].tone)
                    spaces = 0
                }
                spaces += max(0, widths[column] - text.columns) + Self.gap
            }
            return line
        }

        private static func total(_ widths: [Int], _ columns: [Int]) -> Int {
            columns.reduce(0) { $0 + widths[$1] } + gap * max(0, columns.count - 1)
        }
    }
}
