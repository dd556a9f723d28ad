import CPortSystem
import Libc
import Synchronization

/// The whole window of the terminal, for as long as the value lives; afterwards the terminal is as it was found, also
/// when a signal ends the program. One at a time.
package struct TerminalScreen: ~Copyable {
    /// What ended a wait.
    package enum Event: Sendable {
        case nothing
        case resized
        /// The user typed `q`, or the terminal is gone.
        case quit
    }

    private let before: termios
    private let blocked: sigset_t

    /// Signals that end or stop a program, or tell of the window; they are taken one by one instead.
    private static let signals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGWINCH, SIGCONT]

    private init(before: termios, blocked: sigset_t) {
        self.before = before
        self.blocked = blocked
    }

    /// `nil` when standard input or output is no terminal.
    package static func open() -> TerminalScreen? {
        var before = termios()
        guard isatty(1) == 1, tcgetattr(0, &before) == 0 else { return nil }
        var wanted = sigset_t()
        sigemptyset(&wanted)
        for signal in signals { sigaddset(&wanted, signal) }
        var blocked = sigset_t()
        sigprocmask(SIG_BLOCK, &wanted, &blocked)
        let screen = TerminalScreen(before: before, blocked: blocked)
        screen.enter()
        return screen
    }

    deinit {
        leave()
        var mask = blocked
        sigprocmask(SIG_SETMASK, &mask, nil)
    }

    /// Of the window; 80 by 24 when the terminal does not tell.
    package var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return (80, 24) }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Shows the lines from the top of the window. Each must fit into it.
    package func draw(_ lines: [String]) {
        // To the top; each line is cleared before it is written, because behind a full one the cursor is still on its
        // last column; and so is what is below. No line break behind the last row: it would scroll.
        let rest = lines.count < size.rows ? "\r\n\u{1B}[J" : ""
        write("\u{1B}[H" + lines.map { "\u{1B}[2K" + $0 }.joined(separator: "\r\n") + rest + "\u{1B}[0m")
    }

    /// Waits for a key, a signal or the time to pass. A signal that ends a program ends this one.
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
                // Stopped by what cannot be caught, and the shell has set the terminal as it likes.
                enter()
                return .resized
            case .some(let signal): end(by: signal)
            case nil: break
            }
            // Short, because a blocked signal does not end a poll.
            var input = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
            guard poll(&input, 1, 50) > 0 else { continue }
            var key: UInt8 = 0
            // The terminal is gone.
            guard read(0, &key, 1) == 1 else { return .quit }
            if key == UInt8(ascii: "q") { return .quit }
        }
        return .nothing
    }

    /// Takes one of the signals that have come.
    private func pendingSignal() -> Int32? {
        var pending = sigset_t()
        guard sigpending(&pending) == 0,
            let signal = Self.signals.first(where: { sigismember(&pending, $0) == 1 })
        else { return nil }
        var one = sigset_t()
        sigemptyset(&one)
        sigaddset(&one, signal)
        var taken: Int32 = 0
        return sigwait(&one, &taken) == 0 ? taken : nil
    }

    private func end(by signal: Int32) -> Never {
        leave()
        var mask = blocked
        systemSignal(signal)
        sigprocmask(SIG_SETMASK, &mask, nil)
        raise(signal)
        // Only if the signal was blocked before.
        exit(128 + signal)
    }

    private func enter() {
        var quiet = before
        quiet.c_lflag &= ~tcflag_t(ICANON | ECHO)
        tcsetattr(0, TCSANOW, &quiet)
        // The other screen, no cursor, and long lines are cut.
        write("\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l\u{1B}[2J")
    }

    private func leave() {
        write("\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l")
        var mode = before
        tcsetattr(0, TCSADRAIN, &mode)
    }

    /// A terminal that is gone needs to be told nothing.
    private func write(_ text: String) { try? StandardStreams.write(text, to: 1) }
}

/// Gives a signal its default action.
private func systemSignal(_ number: Int32) { signal(number, SIG_DFL) }
