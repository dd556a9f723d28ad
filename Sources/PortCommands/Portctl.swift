package import ArgumentParser

/// The command line's root. One file per verb in Verbs/.
package struct Portctl: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "portctl",
        abstract: "One authority for the ports of this machine.",
        discussion: """
            Every service gets its own port, the same one every time: PORT=$(portctl port web)

            The app and the instance are those of the git repository and worktree you are in, unless --app, --instance, \
            PORTCTL_APP or PORTCTL_INSTANCE say otherwise. The daemon starts by itself when a command needs it.
            """,
        subcommands: [
            PortCommand.self, Allocate.self, Release.self, Forget.self, List.self, Check.self,
            Start.self, Stop.self, Restart.self, Status.self, Health.self,
            Skill.self, Completions.self, Version.self,
        ]
    )

    package init() {}
}

/// Runs the command line and returns the exit code: 0, or 1 for every failure, as the systems it takes over from do.
package func runPortctl(_ arguments: [String]) -> Int32 {
    do {
        var command = try Portctl.parseAsRoot(arguments)
        try command.run()
        return 0
    } catch let failure as Failure {
        Output.complain(failure)
        return 1
    } catch is AlreadyTold {
        return 1
    } catch  where Portctl.exitCode(for: error) == .success {
        Output.result(Portctl.fullMessage(for: error))
        return 0
    } catch {
        let message = Portctl.fullMessage(for: error)
        if !message.isEmpty { Output.note(message) }
        return 1
    }
}
