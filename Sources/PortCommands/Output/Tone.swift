/// A colour with a meaning: those of the web dashboard, in the terminal's own shades.
enum Tone: String, CaseIterable {
    /// Green: all is well.
    case active
    /// Blue: nothing happens.
    case reserved
    /// Red: somebody must do something.
    case conflict
    /// Yellow: look at it.
    case lingering
    /// Faint: not the registry's concern.
    case unclaimed

    /// The text in this colour. SGR, ECMA-48 8.3.117.
    func painted(_ text: String) -> String { "\u{1B}[\(code)m\(text)\u{1B}[0m" }

    private var code: String {
        switch self {
        case .active: "32"
        // The bright blue: many terminals' blue is hard to read on black.
        case .reserved: "94"
        case .conflict: "1;31"
        case .lingering: "33"
        case .unclaimed: "2"
        }
    }

    /// The web dashboard's sign of a state: a ring is an allocation, a dot is a listener.
    var sign: String {
        switch self {
        case .active: "◉"
        case .reserved: "○"
        case .conflict: "◈"
        case .lingering: "◌"
        case .unclaimed: "•"
        }
    }
}
