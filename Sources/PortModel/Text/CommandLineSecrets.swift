/// Leaves out what looks like a secret in a command line.
package enum CommandLineSecrets {
    /// The text in place of a secret.
    package static let replacement = "***"

    /// Returns the arguments with ``replacement`` in place of the values of options and variables with names such as
    /// `password`, `token` and `API_KEY`, of passwords in URLs, of authorization headers, and of tokens with a
    /// well-known form. It is a guess from names and forms: a secret without either is not recognized.
    package static func removed(from arguments: [String]) -> [String] {
        separated(arguments) { argument, isScript in
            let text = removed(fromText: argument, isScript: isScript)
            // A script, or the title that a process has given itself in place of its arguments.
            guard text.contains(" ") else { return text }
            let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
            return separated(words) { word, _ in word }.joined(separator: " ")
        }
    }

    /// Replaces the words that are secrets because of the word before them or of their program. `others` returns what
    /// is shown for another word, and is passed whether it is a script.
    private static func separated(_ words: [String], others: (String, Bool) -> String) -> [String] {
        var result: [String] = []
        var program = ""
        var isSecretNext = false
        var isScript = false
        for word in words {
            defer {
                // `sh -c`, `bash -lc`, `python3 -c`.
                isScript = word.hasPrefix("-") && !word.hasPrefix("--") && word.hasSuffix("c")
            }
            let isSecret = isSecretNext && !word.hasPrefix("-") && !word.isEmpty
            isSecretNext = false
            if isSecret {
                result.append(replacement)
                continue
            }
            if let known = ProgramOptions.name(of: word) { program = known }
            if let shortened = ProgramOptions.withoutAttachedSecret(word, of: program) {
                result.append(shortened)
                continue
            }
            isSecretNext = ProgramOptions.takesSecret(word, of: program) || isSecretOption(word)
            result.append(others(word, isScript))
        }
        return result
    }

    /// Whether the next argument is the secret: `--password`, `-token`, but not `--no-password` and `--token-file`.
    private static func isSecretOption(_ argument: String) -> Bool {
        let name = argument.drop { $0 == "-" }
        guard name.count < argument.count, !name.contains("="), !name.contains(where: \.isWhitespace) else {
            return false
        }
        let words = words(of: name)
        let questions: Set = [
            "no", "ask", "use", "with", "without", "require", "skip", "disable", "enable", "prompt", "show",
        ]
        return (isSecretName(name) || words == ["cookie"]) && !questions.contains(words.first ?? "")
    }

    // MARK: One argument

    /// `isScript` is whether the text is a program, in which an assignment ends before the text does.
    private static func removed(fromText text: String, isScript: Bool) -> String {
        var characters = Array(text.unicodeScalars)
        // `NAME=value` and `--name=value`: the whole rest is the value, whatever it contains.
        if !isScript, let equals = characters.firstIndex(of: "="), equals + 1 < characters.count {
            let name = String(String.UnicodeScalarView(characters[..<equals].drop { $0 == "-" }))
            if name.unicodeScalars.allSatisfy(isNameScalar), isSecretName(name[...]), characters[equals + 1] != "=" {
                return String(String.UnicodeScalarView(characters[...equals])) + replacement
            }
        }
        removeAssigned(in: &characters)
        removeUserInformation(in: &characters)
        removeAuthorization(in: &characters)
        removeTokens(in: &characters)
        return String(String.UnicodeScalarView(characters))
    }

    private static let stars = Array(replacement.unicodeScalars)

    /// `name=value`, `name: value` and `"name": "value"` within a text: a query, a connection string, a script.
    private static func removeAssigned(in text: inout [UnicodeScalar]) {
        var index = 0
        while index < text.count {
            guard text[index] == "=" || text[index] == ":" else {
                index += 1
                continue
            }
            let isColon = text[index] == ":"
            var nameEnd = index
            // The closing quote of a name in JSON.
            if nameEnd > 0, text[nameEnd - 1] == "\"" || text[nameEnd - 1] == "'" { nameEnd -= 1 }
            var nameStart = nameEnd
            while nameStart > 0, isNameScalar(text[nameStart - 1]) { nameStart -= 1 }
            var start = index + 1
            index += 1
            let name = String(String.UnicodeScalarView(text[nameStart..<nameEnd].drop { $0 == "-" }))
            // PWD alone is the shell's working directory.
            let isInConnectionString = nameStart > 0 && text[nameStart - 1] == ";"
            guard isSecretName(name[...]) || isInConnectionString && name.lowercased() == "pwd" else { continue }
            while isColon, start < text.count, text[start] == " " { start += 1 }
            guard start < text.count, text[start] != "=", !(isColon && text[start] == "/") else { continue }
            let quote: UnicodeScalar? = text[start] == "\"" || text[start] == "'" ? text[start] : nil
            if quote != nil { start += 1 }
            let end = text[start...].firstIndex { quote == nil ? isDelimiter($0) : $0 == quote } ?? text.count
            guard end > start else { continue }
            text.replaceSubrange(start..<end, with: stars)
            index = start + stars.count
        }
    }

    /// The password of `scheme://user:password@host`.
    private static func removeUserInformation(in text: inout [UnicodeScalar]) {
        var index = 0
        while index + 2 < text.count {
            guard text[index] == ":", text[index + 1] == "/", text[index + 2] == "/" else {
                index += 1
                continue
            }
            index += 3
            let end = text[index...].firstIndex { "/?# \t\n\"'".unicodeScalars.contains($0) } ?? text.count
            // A password may contain "@", so the last one counts.
            guard let at = text[index..<end].lastIndex(of: "@"), let colon = text[index..<at].firstIndex(of: ":"),
                colon + 1 < at
            else { continue }
            text.replaceSubrange(colon + 1..<at, with: stars)
        }
    }

    /// `Authorization: …` and `Cookie: …` to the end of the line, and the word after `Bearer` or `Basic`.
    private static func removeAuthorization(in text: inout [UnicodeScalar]) {
        for header in ["authorization:", "cookie:"] {
            guard let start = end(of: header, in: text) else { continue }
            let end = text[start...].firstIndex { "\"'\n".unicodeScalars.contains($0) } ?? text.count
            if text[start..<end].contains(where: { $0 != " " }) {
                text.replaceSubrange(start..<end, with: [" "] + stars)
            }
        }
        for scheme in ["bearer ", "basic "] {
            guard let start = end(of: scheme, in: text) else { continue }
            let end = text[start...].firstIndex { !isTokenScalar($0) } ?? text.count
            if end - start >= 16 { text.replaceSubrange(start..<end, with: stars) }
        }
    }

    /// Returns the index behind the first occurrence of `word`, which is in lower case and ASCII.
    private static func end(of word: String, in text: [UnicodeScalar]) -> Int? {
        let word = Array(word.unicodeScalars)
        guard text.count > word.count else { return nil }
        for start in 0...(text.count - word.count) {
            let matches = word.indices.allSatisfy { offset in
                let scalar = text[start + offset]
                let lower = ("A"..."Z").contains(scalar) ? UnicodeScalar(scalar.value + 32)! : scalar
                return lower == word[offset]
            }
            if matches { return start + word.count }
        }
        return nil
    }

    /// Tokens that their services marked by a prefix.
    private static func removeTokens(in text: inout [UnicodeScalar]) {
        var index = 0
        while index < text.count {
            guard isTokenScalar(text[index]) else {
                index += 1
                continue
            }
            let end = text[index...].firstIndex { !isTokenScalar($0) } ?? text.count
            if isToken(String(String.UnicodeScalarView(text[index..<end]))) {
                text.replaceSubrange(index..<end, with: stars)
                index += stars.count
            } else {
                index = end
            }
        }
    }

    private static func isToken(_ word: String) -> Bool {
        let hasDigit = word.contains { ("0"..."9").contains($0) }
        guard hasDigit else { return false }
        // AWS: twenty upper-case letters and digits.
        if word.count == 20, ["AKIA", "ASIA"].contains(word.prefix(4)) {
            return word.allSatisfy { ("A"..."Z").contains($0) || ("0"..."9").contains($0) }
        }
        if word.hasPrefix("eyJ") { return word.count >= 30 && word.contains(".") }
        let prefixes = [
            "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "sk-", "sk_live_", "sk_test_", "rk_live_",
            "whsec_", "xoxb-", "xoxp-", "xoxa-", "xoxs-", "xapp-", "npm_", "pypi-", "hf_", "dop_v1_", "SG.", "AIza",
            "ya29.",
        ]
        return prefixes.contains { word.hasPrefix($0) && word.count >= $0.count + ($0.hasPrefix("xox") ? 8 : 16) }
    }

    // MARK: Names

    /// Whether a value of this name is a secret: the last word says what it is.
    private static func isSecretName(_ name: some StringProtocol) -> Bool {
        let words = words(of: name)
        guard let last = words.last else { return false }
        let secrets = [
            "password", "passwd", "passphrase", "secret", "token", "credential", "credentials", "apikey", "accesskey",
            "secretkey", "requirepass", "masterauth",
        ]
        // PGPASSWORD, dbpassword, authtoken.
        if secrets.contains(where: { last.hasSuffix($0) }) { return true }
        if ["pass", "psk", "jwt", "pin", "storepass", "keypass", "sessionid"].contains(last) { return true }
        guard words.count > 1 else { return false }
        let before = words[words.count - 2]
        let keys = ["api", "access", "secret", "auth", "encryption", "signing", "master", "private", "jwt", "session"]
        return last == "key" && keys.contains(before) || last == "base" && before == "key" && words.contains("secret")
            || last == "pwd" || last == "auth" && before == "basic"
    }

    /// The words of `API_KEY`, `api-key`, `apiKey` and `db.password`, in lower case.
    private static func words(of name: some StringProtocol) -> [String] {
        var words = [""]
        var wasLower = false
        for character in name {
            if !character.isLetter && !character.isNumber {
                words.append("")
            } else {
                if character.isUppercase && wasLower { words.append("") }
                words[words.count - 1] += character.lowercased()
            }
            wasLower = character.isLowercase
        }
        return words.filter { !$0.isEmpty }
    }

    private static func isNameScalar(_ scalar: UnicodeScalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
            || scalar == "_" || scalar == "-" || scalar == "."
    }

    private static func isTokenScalar(_ scalar: UnicodeScalar) -> Bool {
        isNameScalar(scalar) || scalar == "+" || scalar == "~"
    }

    private static func isDelimiter(_ scalar: UnicodeScalar) -> Bool {
        " \t\n;&,\"')}".unicodeScalars.contains(scalar)
    }
}
