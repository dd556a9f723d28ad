extension Table {
    /// A column: its title, and what becomes of it in a window that is too narrow.
    struct Column {
        let title: String
        /// The columns with the highest rank are left out first; one of rank 0 never is.
        var rank = 0
        /// The width to which cells may be shortened before a column is left out; `nil` when they may not.
        var minimum: Int?
        /// Whether the column is left out before anything is shortened, because another one says much the same.
        var isSpare = false
        /// Which part of a long cell is left out.
        var cut = Cut.middle
        /// Whether long cells go on in the lines below. Only for the last column.
        var wraps = false

        init(
            _ title: String,
            rank: Int = 0,
            minimum: Int? = nil,
            isSpare: Bool = false,
            cut: Cut = .middle,
            wraps: Bool = false
        ) {
            self.title = title
            self.rank = rank
            self.minimum = minimum
            self.isSpare = isSpare
            self.cut = cut
            self.wraps = wraps
        }
    }

    /// The part of a long cell that is left out.
    enum Cut {
        /// For names, which differ at their start and at their end.
        case middle
        /// For what begins with the word that matters.
        case end
    }

    /// A cell: its text and its colour.
    struct Cell: ExpressibleByStringInterpolation {
        var text: String
        var tone: Tone?

        init(_ text: String, _ tone: Tone? = nil) {
            self.text = text
            self.tone = tone
        }

        init(stringLiteral text: String) { self.init(text) }

        /// The state of an allocation, with its sign where there are signs, and `more` text after it.
        init(state: String?, more: String = "", for display: Display) {
            let tone = state.flatMap { Tone(rawValue: $0) }
            let sign = display.hasSigns ? tone.map { "\($0.sign) " } : nil
            self.init((sign ?? "") + (state ?? "-") + more, tone)
        }
    }
}
