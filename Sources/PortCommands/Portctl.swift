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
        version: Program.portctl.version,
        subcommands: commands.map(\.type)
    )

    /// The commands in the order of the help, each with its name: so that a command is found by the name alone, before
    /// ArgumentParser computes anything.
    static let commands: [(name: String, type: any ParsableCommand.Type)] = [
        ("port", PortCommand.self), ("run", Run.self), ("lookup", Lookup.self), ("allocate", Allocate.self),
        ("alloc", Alloc.self), ("loop", Loop.self), ("release", Release.self), ("forget", Forget.self),
        ("prune", Prune.self), ("list", List.self), ("check", Check.self), ("verify", Verify.self), ("wait", Wait.self),
        ("who", Who.self), ("ps", Processes.self),
        ("why", Why.self), ("events", Events.self), ("kill", Kill.self), ("reserve", Reserve.self),
        ("group", Group.self), ("dashboard", Dashboard.self), ("import", Import.self), ("doctor", Doctor.self),
        ("start", Start.self), ("stop", Stop.self), ("restart", Restart.self), ("status", Status.self),
        ("health", Health.self), ("logs", Logs.self), ("service", Service.self), ("skill", Skill.self),
        ("completions", Completions.self), ("version", Version.self),
    ]

    package init() {}
}

/// Runs the command line under the name that this process was started with. Returns the exit code: 0 on success and 1
/// for every failure, as in the systems that portctl replaces (docs/compatibility.md); only `run` has others.
package func runProgram(_ arguments: [String]) -> Int32 {
    StandardStreams.openMissing()
    let root = Program.current.command
    do {
        var command = try Program.current.parse(CurrentProcess.spelled(arguments))
        try command.run()
        return 0
    } catch {
        return ErrorReport(root: root, arguments: arguments).print(error)
    }
}
