import ArgumentParser

extension Program {
    /// Parses the arguments. The tree of all commands costs several times as much as the rest of a short command, so
    /// the command that the first argument names is tried alone. Whatever it does not accept (a mistake, a request for
    /// help) is parsed by the whole tree, whose messages name the whole command. Throws what ArgumentParser throws.
    func parse(_ arguments: [String]) throws -> any ParsableCommand {
        if self == .portctl, let name = arguments.first,
            let command = Portctl.commands.first(where: { $0.name == name })?.type,
            let parsed = try? command.parseAsRoot(Array(arguments.dropFirst())),
            // As a root, a command also has a subcommand "help", which it has not within the tree.
            ([command] + command.configuration.subcommands).contains(where: { $0 == type(of: parsed) })
        {
            return parsed
        }
        return try command.parseAsRoot(arguments)
    }
}
