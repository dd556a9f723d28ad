extension String {
    /// The number of terminal columns that the text takes. Emoji and East Asian wide characters take two, combining
    /// marks none.
    var columns: Int {
        // Most text is ASCII, and tables have thousands of cells.
        utf8.allSatisfy { $0 < 0x80 } ? utf8.count : reduce(0) { $0 + $1.columns }
    }

    /// The longest prefix that fits into `limit` columns.
    func fitting(_ limit: Int) -> String {
        var width = 0
        return String(
            prefix { character in
                width += character.columns
                return width <= limit
            }
        )
    }

    /// The longest suffix that fits into `limit` columns.
    private func fittingEnd(_ limit: Int) -> String {
        var width = 0
        var start = endIndex
        while start > startIndex {
            let previous = index(before: start)
            width += self[previous].columns
            if width > limit { break }
            start = previous
        }
        return String(self[start...])
    }

    /// The text in at most `limit` columns: a longer one with `…` in place of its middle or end.
    func shortened(_ limit: Int, cut: Table.Cut = .middle) -> String {
        if columns <= limit { return self }
        guard limit > 1 else { return limit == 1 ? "…" : "" }
        if cut == .end { return fitting(limit - 1) + "…" }
        let end = fittingEnd(limit / 2)
        return fitting(limit - 1 - end.columns) + "…" + end
    }

    /// The text in lines of at most `limit` columns, broken at spaces where there are any.
    func wrapped(_ limit: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in split(separator: " ", omittingEmptySubsequences: false) {
            var word = String(word)
            if !line.isEmpty, line.columns + 1 + word.columns > limit {
                lines.append(line)
                line = ""
            }
            while word.columns > limit, case let start = word.fitting(limit), !start.isEmpty {
                lines.append(start)
                word.removeFirst(start.count)
            }
            line += line.isEmpty ? word : " \(word)"
        }
        return lines + (line.isEmpty && !lines.isEmpty ? [] : [line])
    }
}

extension Character {
    /// The columns of the widest scalar, and one for each spacing mark after it. U+FE0F selects the emoji presentation
    /// of the character before it.
    fileprivate var columns: Int {
        if unicodeScalars.contains("\u{FE0F}") { return 2 }
        let marks = unicodeScalars.dropFirst().count { $0.properties.generalCategory == .spacingMark }
        return (unicodeScalars.map(\.columns).max() ?? 0) + marks
    }
}

extension Unicode.Scalar {
    /// The scalars that terminals draw two columns wide: the ranges W and F of Unicode's EastAsianWidth.txt, and the
    /// emoji blocks.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF,
        0x231A...0x231B, 0x23E9...0x23EC, 0x23F0...0x23F0, 0x23F3...0x23F3, 0x25FD...0x25FE, 0x2614...0x2615,
        0x2648...0x2653, 0x267F...0x267F, 0x2693...0x2693, 0x26A1...0x26A1, 0x26AA...0x26AB, 0x26BD...0x26BE,
        0x26C4...0x26C5, 0x26CE...0x26CE, 0x26D4...0x26D4, 0x26EA...0x26EA, 0x26F2...0x26F3, 0x26F5...0x26F5,
        0x26FA...0x26FA, 0x26FD...0x26FD, 0x2705...0x2705, 0x270A...0x270B, 0x2728...0x2728, 0x274C...0x274C,
        0x274E...0x274E, 0x2753...0x2755, 0x2757...0x2757, 0x2795...0x2797, 0x27B0...0x27B0, 0x27BF...0x27BF,
        0x2B1B...0x2B1C, 0x2B50...0x2B50, 0x2B55...0x2B55, 0x1F1E6...0x1F1FF, 0x1F004...0x1F004, 0x1F0CF...0x1F0CF,
        0x1F18E...0x1F18E, 0x1F191...0x1F19A, 0x1F200...0x1F2FF,
        0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF,
        0x20000...0x3FFFD,
    ]

    fileprivate var columns: Int {
        if value < 0x300 { return 1 }
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: return Self.wide.contains { $0.contains(value) } ? 2 : 1
        }
    }
}
