package import ArgumentParser
import PortSystem

/// The root command `portctl`. Each subcommand has its own file.
package struct Portctl: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "portctl",
        abstract: "Port registry for this machine.",
        discussion: """
            Every service gets its own port, the same one every time: PORT=$(portctl port web)

            The app and the instance are detected from the current git repository and worktree. Override them with \
            --app and --instance, or with PORTCTL_APP and PORTCTL_INSTANCE. The daemon starts automatically when a \
            command needs it.
            """,
        subcommands: [
            PortCommand.self, Run.self, Lookup.self, Allocate.self, Alloc.self, Loop.self, Release.self,
            Forget.self, List.self, Check.self, Who.self, Processes.self, Why.self, Events.self, Kill.self,
            Reserve.self,
            Group.self, Dashboard.self, Doctor.self,
            Start.self, Stop.self, Restart.self, Status.self, Health.self, Logs.self,
            Service.self, Skill.self, Completions.self, Version.self,
        ]
    )

    package init() {}
}

/// Runs the command line under the name that this process was started with. Returns the exit code: 0 on success and 1
/// for every failure, as in the systems that portctl replaces (docs/compatibility.md); only `run` has others.
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

/// Reports the error that ended the command. Returns the exit code.
private func report(_ error: any Error, of root: any ParsableCommand.Type) -> Int32 {
    switch error {
    case is SilentFailure: return 1
    case let failure as Failure:
        if Program.current == .portManager { return PortManagerCommand.report(failure) }
        Output.complain(failure)
        return failure.exitCode
    default:
        // An error of ArgumentParser: a request for help, which is a result, or a usage error.
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
