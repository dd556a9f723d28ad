/// A command line that starts a ``ServingTool``, directly or behind a package runner or an interpreter.
struct ToolCall {
    var tool: ServingTool
    /// The tool's name without directory and version.
    var name: String
    /// The position of the first word behind the tool's name.
    var start: Int
    /// Whether a runner takes the options behind the tool's name as its own, unless a lone `--` precedes them.
    var needsSeparator: Bool

    /// Returns `nil` for a command line that starts no known tool, or not certainly.
    init?(_ words: [String]) {
        guard !words.isEmpty else { return nil }
        var position = 0
        var runner: PackageRunner?
        if let found = Self.runner(of: words) {
            (runner, position) = found
            guard position < words.count else { return nil }
        }
        var name = runner?.fetches == true ? Self.packageName(words[position]) : Self.baseName(words[position])
        needsSeparator = runner?.takesToolOptions == true && words[position - 1] != "--"
        position += 1
        if runner?.fetches != true, let script = Self.script(of: name, in: words[position...]) {
            (name, position) = script
        }
        guard let tool = ServingTool.all.first(where: { $0.names.contains(name) }) else { return nil }
        (self.tool, self.name, start) = (tool, name, position)
    }

    /// Returns the runner that `words` call, and the position of the tool's name; `nil` when there is no runner, or an
    /// option of it is not known.
    private static func runner(of words: [String]) -> (PackageRunner, Int)? {
        let first = baseName(words[0])
        for runner in PackageRunner.all where runner.words[0] == first {
            guard words.dropFirst().starts(with: runner.words.dropFirst()) else { continue }
            var position = runner.words.count
            while position < words.count, words[position].utf8.first == UInt8(ascii: "-") {
                let word = words[position]
                position += 1
                if word == "--", runner.takesSeparator { return (runner, position) }
                if runner.switches.contains(word) { continue }
                if runner.options.contains(word) {
                    position += 1
                } else if !runner.options.contains(where: { word.utf8.starts(with: "\($0)=".utf8) }) {
                    return nil
                }
            }
            return (runner, position)
        }
        return nil
    }

    /// Returns the tool that an interpreter executes, and the position of the word behind it; `nil` when `name` is no
    /// interpreter.
    private static func script(of name: String, in words: ArraySlice<String>) -> (name: String, position: Int)? {
        guard let first = words.first else { return nil }
        switch name {
        case "node":
            let parents = first.split(separator: "/").dropLast().suffix(2)
            if parents.elementsEqual(["node_modules", ".bin"]) { return (baseName(first), words.startIndex + 1) }
            return ["./node_modules/vite/bin/vite.js", "node_modules/vite/bin/vite.js"].contains(first)
                ? ("vite", words.startIndex + 1) : nil
        case "php":
            return baseName(first) == "artisan" ? ("artisan", words.startIndex + 1) : nil
        default:
            guard isPython(name) else { return nil }
            let rest = words.drop { ["-u", "-B"].contains($0) }
            guard let word = rest.first else { return nil }
            if word == "-m" {
                guard let module = rest.dropFirst().first else { return nil }
                return modules[module].map { ($0, rest.startIndex + 2) }
            }
            return baseName(word) == "manage.py" ? ("manage.py", rest.startIndex + 1) : nil
        }
    }

    /// The modules that `python -m` executes, and the commands that they stand for.
    private static let modules = [
        "flask": "flask", "uvicorn": "uvicorn", "fastapi": "fastapi", "django": "django-admin",
    ]

    /// Whether `name` is `python`, perhaps with a version.
    private static func isPython(_ name: String) -> Bool {
        name.utf8.starts(with: "python".utf8)
            && name.utf8.dropFirst(6).allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
    }

    private static func baseName(_ path: String) -> String {
        path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[path.utf8.index(after: $0)...]) } ?? path
    }

    /// Returns the name without the version behind `@`. A scope, such as `@angular/cli`, is kept, and is no tool.
    private static func packageName(_ text: String) -> String {
        let version = text.utf8.dropFirst().firstIndex(of: UInt8(ascii: "@"))
        return version.map { String(text[..<$0]) } ?? text
    }
}
