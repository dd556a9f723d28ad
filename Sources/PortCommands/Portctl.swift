package import ArgumentParser
import PortSystem

/// The command line's root. One file per verb in Verbs/.
package struct Portctl: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "portctl",
        abstract: "One authority for the ports of this machine.",
        discussion: """
            Every service gets its own port, the same one every time: PORT=$(portctl port web)

            The app and the instance are those of the git repository and worktree you are in, unless --app, \
            --instance, PORTCTL_APP or PORTCTL_INSTANCE say otherwise. The daemon starts by itself when a command \
            needs it.
            """,
        subcommands: [
            PortCommand.self, Run.self, Lookup.self, Allocate.self, Alloc.self, Loop.self, Release.self,
            Forget.self, List.self, Check.self, Who.self, Processes.self, Why.self, Events.self, Kill.self,
            Reserve.self,
            Group.self, Dashboard.self, Doctor.self,
            Start.self, Stop.self, Restart.self, Status.self, Health.self,
            Service.self, Skill.self, Completions.self, Version.self,
        ]
    )

    package init() {}
}

/// Runs the command line of the program that this process was called by. Returns the exit code: 0, or 1 for every
/// failure, as the systems it takes over from do; `run` has further ones.
package func runProgram(_ arguments: [String]) -> Int32 {
    StandardStreams.openMissing()
    let root = Program.current.command
    do {
        var command = try root.parseAsRoot(arguments)
        try command.run()
        return 0
    } catch {
        return report(error, of: root)
    }
}

/// Tells what ended the command. Returns the exit code.
private func report(_ error: any Error, of root: any ParsableCommand.Type) -> Int32 {
    switch error {
    case is SilentFailure: return 1
    case let failure as Failure:
        if Program.current == .portManager { return PortManagerCommand.report(failure) }
        Output.complain(failure)
        return failure.exitCode
    default:
        // ArgumentParser's own: help, which is a result, or a refusal in its words.
        let message = root.fullMessage(for: error)
        guard root.exitCode(for: error) == .success else {
            if Program.current == .portManager { return PortManagerCommand.report(Failure(root.message(for: error))) }
            if !message.isEmpty { Output.note(message) }
            return 1
        }
        do {
            try Output.result(message)
            return 0
        } catch {
            return report(error, of: root)
        }
    }
}
