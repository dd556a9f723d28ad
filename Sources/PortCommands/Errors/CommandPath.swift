import ArgumentParser

/// The command that arguments name, as far as they are spelled right.
struct CommandPath {
    /// A word in place of a subcommand that is none.
    struct Unknown {
        let word: String
        /// Its place among the arguments.
        let index: Int
        /// The quoted subcommands that may be meant: `'start' or 'stop'`; `nil` without any.
        let suggestion: String?
    }

    /// The program's name, and the names of the subcommands.
    private(set) var names: [String]
    private(set) var unknown: Unknown?

    /// Follows `arguments` from `root` down to a command without subcommands, an option or an unknown word.
    init(root: any ParsableCommand.Type, arguments: [String]) {
        names = [root._commandName]
        var command = root
        for (index, word) in arguments.enumerated() {
            let subcommands = command.configuration.subcommands
            guard !subcommands.isEmpty, !word.hasPrefix("-"), word != "help" else { return }
            if let next = subcommands.first(where: { $0.allNames.contains(word) }) {
                names.append(next._commandName)
                command = next
                continue
            }
            let near = Spelling.nearest(to: word, among: subcommands.map { $0._commandName })
            let suggestion = near.isEmpty ? nil : near.map { "'\($0)'" }.joined(separator: " or ")
            unknown = Unknown(word: word, index: index, suggestion: suggestion)
            return
        }
    }
}

extension ParsableCommand {
    /// The name and the aliases.
    fileprivate static var allNames: [String] { [_commandName] + configuration.aliases }
}
