extension String {
    /// How many columns of a terminal the text takes: pictures and East Asian characters take two, accents none.
    var columns: Int { reduce(0) { $0 + $1.columns } }

    /// As much of the text as fits into `limit` columns.
    func fitting(_ limit: Int) -> String {
        var width = 0
        return String(
            prefix { character in
                width += character.columns
                return width <= limit
            }
        )
    }
}

extension Character {
    fileprivate var columns: Int { unicodeScalars.map(\.columns).max() ?? 0 }
}

extension Unicode.Scalar {
    /// Ranges of Unicode's EastAsianWidth.txt (W and F) and the emoji blocks, which terminals draw wide.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF,
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
