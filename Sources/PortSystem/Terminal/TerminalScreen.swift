import CPortSystem
import Libc
import Synchronization

/// Full-screen output on the terminal's alternate screen. At the end of the value's lifetime, and when a signal ends
/// the program, the terminal returns to its previous state. At most one screen may exist at a time.
package struct TerminalScreen: ~Copyable {
    /// The reason why ``wait(milliseconds:)`` returned.
    package enum Event: Sendable {
        /// The time has passed.
        case nothing
        /// The lines must be drawn again, because the size or the contents of the window have changed.
        case resized
        /// The user typed `q`, or the terminal was closed.
        case quit
    }

    private let originalMode: termios
    private let originalMask: sigset_t

    /// Signals that end, stop or continue the program, or report a new window size. They stay blocked while the screen
    /// is open, and ``wait(milliseconds:)`` handles them one by one.
    private static let signals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGWINCH, SIGCONT]

    private init(originalMode: termios, originalMask: sigset_t) {
        self.originalMode = originalMode
        self.originalMask = originalMask
    }

    /// Switches to the alternate screen; returns `nil` unless standard input and output are terminals.
    package static func open() -> TerminalScreen? {
        var mode = termios()
        guard isatty(1) == 1, tcgetattr(0, &mode) == 0 else { return nil }
        var handled = sigset_t()
        sigemptyset(&handled)
        for signal in signals { sigaddset(&handled, signal) }
        var mask = sigset_t()
        sigprocmask(SIG_BLOCK, &handled, &mask)
        let screen = TerminalScreen(originalMode: mode, originalMask: mask)
        screen.enter()
        return screen
    }

    deinit {
        leave()
        var mask = originalMask
        sigprocmask(SIG_SETMASK, &mask, nil)
    }

    /// The size of the window in characters; 80 by 24 when the terminal does not report it.
    package var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return (80, 24) }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Draws `lines` from the top of the window. They must not exceed its size.
    package func draw(_ lines: [String]) {
        // Move to the top, clear each line before it is written, and clear the rows below. Clearing a line of full
        // width after it is written would erase its last character, where the cursor stays. A line break after the last
        // row would scroll.
        let rest = lines.count < size.rows ? "\r\n\u{1B}[J" : ""
        write("\u{1B}[H" + lines.map { "\u{1B}[2K" + $0 }.joined(separator: "\r\n") + rest + "\u{1B}[0m")
    }

    /// Waits at most `milliseconds` for a key or a signal. A signal that ends programs ends this one.
    package func wait(milliseconds: Int) -> Event {
        let deadline = SuspendingClock.now + .milliseconds(milliseconds)
        while SuspendingClock.now < deadline {
            switch pendingSignal() {
            case SIGWINCH: return .resized
            case SIGTSTP:
                leave()
                raise(SIGSTOP)
                enter()
                return .resized
            case SIGCONT:
                // SIGSTOP cannot be caught, so the program may have been stopped without leave(), and the shell may
                // have changed the mode of the terminal.
                enter()
                return .resized
            case .some(let signal): end(by: signal)
            case nil: break
            }
            // Poll for a short time, because a blocked signal does not interrupt poll(2).
            var input = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
            guard poll(&input, 1, 50) > 0 else { continue }
            var key: UInt8 = 0
            // End of file or an error: the terminal was closed.
            guard read(0, &key, 1) == 1 else { return .quit }
            if key == UInt8(ascii: "q") { return .quit }
        }
        return .nothing
    }

    /// Removes one of the pending signals and returns it; `nil` when there is none.
    private func pendingSignal() -> Int32? {
        var pending = sigset_t()
        guard sigpending(&pending) == 0,
            let signal = Self.signals.first(where: { sigismember(&pending, $0) == 1 })
        else { return nil }
        var single = sigset_t()
        sigemptyset(&single)
        sigaddset(&single, signal)
        var received: Int32 = 0
        return sigwait(&single, &received) == 0 ? received : nil
    }

    /// Restores the terminal and ends the program by `signal`, so that its parent sees the signal.
    private func end(by signal: Int32) -> Never {
        leave()
        var mask = originalMask
        restoreDefaultAction(of: signal)
        sigprocmask(SIG_SETMASK, &mask, nil)
        raise(signal)
        // Reached only if the signal was blocked when the screen was opened.
        exit(128 + signal)
    }

    private func enter() {
        var mode = originalMode
        mode.c_lflag &= ~tcflag_t(ICANON | ECHO)
        tcsetattr(0, TCSANOW, &mode)
        // The alternate screen, no cursor, no wrapping of long lines.
        write("\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l\u{1B}[2J")
    }

    private func leave() {
        write("\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l")
        var mode = originalMode
        tcsetattr(0, TCSADRAIN, &mode)
    }

    /// Writes to standard output. Ignores errors, which mean that the terminal was closed.
    private func write(_ text: String) { try? StandardStreams.write(text, to: 1) }
}

/// Restores the default action of a signal: signal(2), which a parameter of the caller hides.
private func restoreDefaultAction(of number: Int32) { signal(number, SIG_DFL) }
