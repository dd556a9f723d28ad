/// The arguments of a tool that serves: what they say about the port, and where a flag goes.
struct ToolLine {
    /// What the arguments say about the port.
    enum NamedPort: Hashable {
        case missing
        case number(Int)
        /// A port is named, but not by a number, or somewhere else than in a port flag.
        case unknown
    }

    let port: NamedPort
    /// The position behind the subcommand.
    let behindSubcommand: Int
    /// The position behind the tool's own options: the end, or a lone `--`.
    let end: Int
    /// Whether a lone `--` has to be added before the first flag, because the runner takes options before it.
    let lacksSeparator: Bool
    /// Whether the arguments leave open what the tool does when its port is taken.
    let mayAddStrictFlag: Bool

    /// Reads the words of the command line `call`. Returns `nil` unless it certainly serves.
    init?(_ words: [String], of call: ToolCall) {
        let tool = call.tool
        var arguments = Array(words[call.start...].indices)
        var separator = arguments.first { words[$0] == "--" }
        lacksSeparator = call.needsSeparator && separator == nil
        if call.needsSeparator {
            // What stands before the runner's own `--` and begins with a hyphen is an option of the runner.
            let runnersPart = arguments.prefix { $0 != separator }
            guard !runnersPart.contains(where: { Self.isOption(words[$0]) }) else { return nil }
            arguments.removeAll { $0 == separator }
            separator = arguments.first { words[$0] == "--" }
        }
        end = separator ?? words.count
        let own = arguments.prefix { $0 != separator }
        guard !own.contains(where: { words[$0] == "--help" || words[$0] == "--version" }) else { return nil }
        guard
            let behind = Self.positionBehindSubcommand(of: tool, in: own.map { ($0, words[$0]) }, start: call.start)
        else { return nil }
        behindSubcommand = behind
        guard !own.contains(where: { $0 >= behind && tool.endingWords.contains(words[$0]) }) else { return nil }
        let strict = tool.strictFlag.map(Self.plain)
        mayAddStrictFlag = !own.contains { Self.plain(words[$0]) == strict }
        port =
            tool.spelling == .word
            ? Self.portWord(in: arguments.filter { $0 >= behind }.map { words[$0] }, of: tool)
            : Self.port(in: arguments.map { words[$0] }, of: tool)
    }

    /// Returns the position behind the subcommand, or of the first argument of a tool that serves without one; `nil`
    /// when the arguments do not certainly serve.
    private static func positionBehindSubcommand(
        of tool: ServingTool,
        in arguments: [(position: Int, word: String)],
        start: Int
    ) -> Int? {
        guard !tool.takesAnyWord else { return start }
        var rest = arguments[...]
        while let option = rest.first, isOption(option.word) {
            let takesNoWord =
                tool.leadingSwitches.contains(option.word)
                || tool.leadingOptions.contains(where: { isSet($0, by: option.word) })
            if takesNoWord {
                rest.removeFirst()
            } else if tool.leadingOptions.contains(option.word) {
                rest = rest.dropFirst(2)
            } else {
                break
            }
        }
        guard let first = rest.first else { return tool.servesAlone ? start : nil }
        if tool.serving.contains(first.word) { return first.position + 1 }
        guard tool.servesAlone, isOption(first.word) || isPath(first.word) else { return nil }
        // Whether a word behind an option is its value or a subcommand is not known.
        return arguments.contains { tool.other.contains($0.word) } ? nil : start
    }

    /// Returns what port the flags name; the last one counts.
    private static func port(in arguments: [String], of tool: ServingTool) -> NamedPort {
        var result = NamedPort.missing
        for (index, word) in arguments.enumerated() {
            for flag in tool.portFlags where word.utf8.starts(with: flag.utf8) {
                let value = word.utf8.dropFirst(flag.utf8.count)
                if value.isEmpty {
                    result = named(by: index + 1 < arguments.count ? arguments[index + 1] : "")
                } else if value.first == UInt8(ascii: "=") {
                    result = named(by: String(value.dropFirst()) ?? "")
                } else if flag.utf8.count == 2 {
                    result = named(by: String(value) ?? "")
                }
            }
            if tool.otherPlaces.contains(where: { word == $0 || isSet($0, by: word) }) { result = .unknown }
        }
        return result
    }

    /// Returns what the first word that is neither an option nor an option's value names: `PORT` or `ADDRESS:PORT`.
    private static func portWord(in arguments: [String], of tool: ServingTool) -> NamedPort {
        var rest = arguments[...]
        while let word = rest.popFirst() {
            if tool.valueOptions.contains(word) {
                rest = rest.dropFirst()
            } else if !isOption(word) {
                return named(by: word.utf8.split(separator: UInt8(ascii: ":")).last.flatMap(String.init) ?? "")
            }
        }
        return .missing
    }

    private static func named(by text: String) -> NamedPort {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text) else { return .unknown }
        return .number(number)
    }

    private static func isOption(_ word: String) -> Bool { word.utf8.first == UInt8(ascii: "-") }

    /// Whether `word` is `option` with its value behind `=`.
    private static func isSet(_ option: String, by word: String) -> Bool {
        word.utf8.starts(with: option.utf8) && word.utf8.dropFirst(option.utf8.count).first == UInt8(ascii: "=")
    }

    private static func isPath(_ word: String) -> Bool {
        word.utf8.first == UInt8(ascii: ".") || word.utf8.contains(UInt8(ascii: "/"))
    }

    /// Returns the name of an option without what makes no difference for it: `--strict-port=false` and
    /// `--no-strictPort` are `strictport`.
    private static func plain(_ option: String) -> String {
        let name = option.prefix { $0 != "=" }.drop { $0 == "-" }
        return (name.hasPrefix("no-") ? name.dropFirst(3) : name).filter { $0 != "-" }.lowercased()
    }
}
