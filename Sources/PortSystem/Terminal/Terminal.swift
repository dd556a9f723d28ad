import Libc

/// The terminal that the standard streams are connected to.
package enum Terminal {
    /// Whether `descriptor` (1 or 2) is a terminal.
    package static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// Whether the terminal can do no more than print text: TERM is `dumb`, or not set, as git(1) has it, too.
    package static var isDumb: Bool { ["dumb", nil].contains(Environment.value("TERM")) }

    /// Whether text written to `descriptor` (1 or 2) may be coloured: it is a terminal, NO_COLOR is unset or empty, and
    /// the terminal is not dumb.
    package static func allowsColor(on descriptor: Int32) -> Bool {
        isTerminal(descriptor) && Environment.value("NO_COLOR") == nil && !isDumb
    }

    /// The width of the window in characters; `nil` when `descriptor` is no terminal, or neither the terminal
    /// (TIOCGWINSZ) nor COLUMNS gives the width.
    package static func columns(on descriptor: Int32) -> Int? {
        guard isTerminal(descriptor) else { return nil }
        var size = winsize()
        if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
        return Environment.value("COLUMNS").flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
    }

    /// Whether a person can answer a question: standard input and standard error are terminals.
    package static var isInteractive: Bool { isatty(0) == 1 && isatty(2) == 1 }
}
