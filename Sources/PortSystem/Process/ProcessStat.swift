#if os(Linux)
    /// The content of `/proc/PID/stat`, or of a thread's file of that name; proc_pid_stat(5).
    struct ProcessStat {
        /// The command name, at most 15 bytes.
        let name: String
        /// Field 3, such as `R` or `S`.
        let state: Substring
        /// All fields from the state on, which has index 0.
        private let fields: [Substring]

        /// Reads the file at `path`; `nil` when there is none.
        init?(path: String) {
            // The name may contain spaces and parentheses, so the other fields begin after the last parenthesis.
            guard let text = SmallFile.text(at: path), let open = text.firstIndex(of: "("),
                let close = text.lastIndex(of: ")"), open < close
            else { return nil }
            fields = text[text.index(after: close)...].split(separator: " ")
            guard let state = fields.first else { return nil }
            self.state = state
            name = String(text[text.index(after: open)..<close])
        }

        /// Reads the file of a process; `nil` when there is none with that pid.
        init?(pid: Int32) { self.init(path: "/proc/\(pid)/stat") }

        /// Whether a signal such as SIGSTOP (`T`), or a debugger (`t`), has stopped it.
        var isStopped: Bool { state == "T" || state == "t" }
        /// Whether it has ended, and at most waits for its parent to notice.
        var hasEnded: Bool { state == "Z" || state == "X" }

        /// Returns the field with this number in the manual page; `nil` when it is missing or no such integer.
        func field<Value: FixedWidthInteger>(_ number: Int) -> Value? {
            fields.count > number - 3 ? Value(fields[number - 3]) : nil
        }
    }
#endif
