import Libc

/// Whether the standard streams are a terminal.
package enum Terminal {
    /// Whether text written to `descriptor` (1 or 2) may be coloured: it is a terminal, NO_COLOR is unset, and TERM is
    /// not `dumb`.
    package static func allowsColor(on descriptor: Int32) -> Bool {
        isatty(descriptor) == 1 && Environment.value("NO_COLOR") == nil && Environment.value("TERM") != "dumb"
    }

    /// Whether a person can answer a question: standard input and standard error are terminals.
    package static var isInteractive: Bool { isatty(0) == 1 && isatty(2) == 1 }
}
