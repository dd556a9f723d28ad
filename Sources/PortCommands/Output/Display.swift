import PortSystem

/// What a text is made for: a pipe or file, which gets everything, or a window of some width.
struct Display {
    /// Whether a person reads the text in a terminal, and not a program or file.
    var isTerminal = false
    /// The width of the window in characters; `nil` for no limit.
    var width: Int?
    /// Whether colours may be used.
    var isColored = false
    /// Whether states have the signs of the web dashboard.
    var hasSigns = false
    /// The home directory that `~` stands for; `nil` without one.
    var home: String?
    /// The current time in seconds since 1970 (UTC).
    var now: Int64
    /// Returns `2025-02-08 15:04:05` for a time in seconds since 1970 (UTC).
    var localTime: (Int64) -> String = LocalTime.text(of:)

    /// Standard output.
    static var standardOutput: Display {
        var display = Display(now: LocalTime.now)
        guard Terminal.isTerminal(1) else { return display }
        display.isTerminal = true
        display.width = Terminal.columns(on: 1)
        display.isColored = Terminal.allowsColor(on: 1)
        display.hasSigns = !Terminal.isDumb
        display.home = Environment.value("HOME")
        return display
    }

    /// The path, in a terminal with `~` for the home directory.
    func path(_ path: String) -> String {
        guard isTerminal, let home, home.count > 1, home.hasPrefix("/"), path.hasPrefix(home) else { return path }
        let rest = path.dropFirst(home.count)
        return rest.isEmpty || rest.first == "/" ? "~\(rest)" : path
    }

    /// The local time of an RFC 3339 time: `2025-02-08 15:04:05`. Another text is returned as it is.
    func time(_ text: String) -> String { Moment(rfc3339: text).map { localTime($0.seconds) } ?? text }

    /// How long ago an RFC 3339 time is: `2m ago`; `now` for this second and for the future.
    func age(_ text: String) -> String {
        guard let moment = Moment(rfc3339: text) else { return "-" }
        let units: [(String, Int64)] = [("w", 604_800), ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)]
        let age = now - moment.seconds
        guard let (unit, size) = units.first(where: { age >= $0.1 }) else { return "now" }
        return "\(age / size)\(unit) ago"
    }

    /// The text in the tone's colour, where colours may be used.
    func painted(_ text: String, _ tone: Tone?) -> String {
        guard isColored, let tone else { return text }
        return tone.painted(text)
    }
}
