extension HomeDirectory {
    /// Sets `legacy.ports` in config.yaml, unless it is set there already, and keeps the rest of the file. Throws
    /// for a file to which it cannot be added as text, and throws like ``prepare()``.
    package func rememberLegacyPorts() throws(SystemError) {
        try prepare()
        if let fault = PrivateFile.fault(at: configurationPath) { throw refusal(fault) }
        let text: String
        do { text = try TextFile.content(of: configurationPath) ?? "" } catch { throw refusal(error.reason) }
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(Self.uncommented)
        if let start = lines.firstIndex(where: Self.isLegacy) {
            let members = lines[(start + 1)...].prefix { $0.first?.isWhitespace == true || $0.isEmpty }
            let setting = ([lines[start]] + members).filter { $0.contains("ports") }
            guard setting.contains(where: { $0.contains("true") }) else { throw refusal("it has settings of legacy") }
            return
        }
        // The text of one mapping in block style can be continued at its end, unless a key is written in a way that
        // hides it here: in quotes, for example.
        let hasOtherStyle = lines.contains { line in
            ["{", "[", "---", "...", "\"", "'", "?", "!", "&", "%", "\t"].contains { line.hasPrefix($0) }
        }
        let isIndented = lines.first { !$0.allSatisfy(\.isWhitespace) }?.first?.isWhitespace == true
        guard !hasOtherStyle, !isIndented else { throw refusal("it is not written in YAML's plain block style") }
        let separator = text.isEmpty || text.last?.isNewline == true ? "" : "\n"
        do {
            try PrivateFile.replace(configurationPath, with: "\(text)\(separator)legacy:\n  ports: true\n")
        } catch {
            throw refusal(error.reason)
        }
    }

    /// Whether the line begins the settings of `legacy`.
    private static func isLegacy(_ line: Substring) -> Bool {
        line.hasPrefix("legacy") && line.dropFirst("legacy".count).first { !$0.isWhitespace } == ":"
    }

    /// Returns the line without its comment, which begins with the line or after white space.
    private static func uncommented(_ line: Substring) -> Substring {
        var last: Character = " "
        return line.prefix { character in
            defer { last = character }
            return character != "#" || !last.isWhitespace
        }
    }

    private func refusal(_ reason: String) -> SystemError {
        SystemError(.settingNotAddable("legacy.ports", reason: reason), of: configurationPath)
    }
}
