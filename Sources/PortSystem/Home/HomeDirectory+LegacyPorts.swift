package import PortModel

extension HomeDirectory {
    /// Sets `legacy.ports` in config.yaml, unless it is set there already, and keeps the rest of the file. Throws
    /// `invalid_request` for a file to which it cannot be added as text, and throws like ``prepare()``.
    package func rememberLegacyPorts() throws(RegistryError) {
        try prepare()
        if let fault = PrivateFile.fault(at: configurationPath) { throw refusal(fault) }
        let text: String
        do { text = try TextFile.content(of: configurationPath) ?? "" } catch { throw refusal(error.reason) }
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        if let start = lines.firstIndex(where: { $0.hasPrefix("legacy:") || $0.hasPrefix("legacy :") }) {
            let members = lines[(start + 1)...].prefix { $0.first?.isWhitespace == true || $0.isEmpty }
            let setting = ([lines[start]] + members).filter { $0.contains("ports") }
            guard setting.contains(where: { $0.contains("true") }) else { throw refusal("it has settings of legacy") }
            return
        }
        // The text of one mapping in block style can be continued at its end.
        let hasOtherStyle = lines.contains { line in
            ["{", "[", "---", "..."].contains { line.hasPrefix($0) } || line.first == "\t"
        }
        guard !hasOtherStyle else { throw refusal("it is not written in YAML's block style") }
        let separator = text.isEmpty || text.last?.isNewline == true ? "" : "\n"
        do {
            try PrivateFile.replace(configurationPath, with: "\(text)\(separator)legacy:\n  ports: true\n")
        } catch {
            throw refusal(error.reason)
        }
    }

    private func refusal(_ reason: String) -> RegistryError {
        RegistryError(
            .invalidRequest,
            "legacy.ports cannot be set in \(configurationPath): \(reason)",
            subject: configurationPath,
            hint: "set it there yourself: legacy: {ports: true}, then: portctl restart"
        )
    }
}
