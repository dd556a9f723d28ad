import Libc

/// The terminal that the standard streams are connected to.
package enum Terminal {
    /// Whether text written to `descriptor` (1 or 2) may be coloured: it is a terminal, NO_COLOR is unset or empty, and
    /// TERM is not `dumb`.
    package static func allowsColor(on descriptor: Int32) -> Bool {
        isatty(descriptor) == 1 && Environment.value("NO_COLOR") == nil && Environment.value("TERM") != "dumb"
    }

    /// Whether a person can answer a question: standard input and standard error are terminals.
    package static var isInteractive: Bool { isatty(0) == 1 && isatty(2) == 1 }
}
