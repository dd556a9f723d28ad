import ArgumentParser
import PortSystem

/// Reports the error that ended a command.
struct ErrorReport {
    /// The root command of the program.
    let root: any ParsableCommand.Type
    /// The arguments of the program, without its name.
    let arguments: [String]

    /// Prints the error, or the help that was asked for. Returns the exit code.
    func print(_ error: any Error) -> Int32 {
        switch error {
        case let failure as SilentFailure: return failure.exitCode
        case let failure as Failure:
            if Program.current == .portManager { return PortManagerCommand.report(failure) }
            Output.complain(failure)
            return failure.exitCode
        default: break
        }
        // An error of ArgumentParser: a request for help, which is a result, or a usage error.
        guard root.exitCode(for: error) == .success else { return printUsageError(error) }
        do {
            try Output.result(root.fullMessage(for: error))
            explainHelp()
            return 0
        } catch {
            return print(error)
        }
    }

    /// Prints what `help` of a misspelt command, which is that of the root, may have been meant for.
    private func explainHelp() {
        guard arguments.first == "help",
            let unknown = CommandPath(root: root, arguments: Array(arguments.dropFirst())).unknown
        else { return }
        let suggestion = unknown.suggestion.map { ". Did you mean \($0)?" } ?? ""
        Output.note("There is no command '\(unknown.word)'\(suggestion)")
    }

    private func printUsageError(_ original: any Error) -> Int32 {
        let path = CommandPath(root: root, arguments: arguments)
        // For a misspelt command ArgumentParser names the first option behind it, which the root does not have.
        var error = original
        if let unknown = path.unknown {
            do { _ = try root.parseAsRoot(Array(arguments[...unknown.index])) } catch let other { error = other }
        }
        let message = root.message(for: error)
        let suggestion = path.unknown?.suggestion.map { ". Did you mean \($0)?" } ?? ""
        if Program.current == .portManager { return PortManagerCommand.report(Failure(message)) }
        guard Output.wantsJSON else {
            // The message is the first line of the text, after its label.
            let text = root.fullMessage(for: error)
            Output.note(text.replacing(message, with: message + suggestion, maxReplacements: 1))
            return 1
        }
        Output.complain(
            Failure(
                message + suggestion,
                hint: "see: \(path.names.joined(separator: " ")) --help",
                code: "usage_error",
                subject: path.unknown?.word
            )
        )
        return 1
    }
}
