/// The process that owns what a command gets for whoever runs it: the nearest process above the command that is neither
/// the shell of a command substitution nor a wrapper, because those end together with the command.
package struct CallerOwner: Hashable, Sendable {
    package var pid: Int32
    /// Whether the owner is known to receive the output of the command, or the output goes to no pipe. If not, the
    /// owner may be a shell that ends as soon as the command has ended.
    package var isCertain: Bool

    package init(pid: Int32, isCertain: Bool) {
        self.pid = pid
        self.isCertain = isCertain
    }

    /// Chooses the owner.
    ///
    /// - Parameters:
    ///   - parent: The pid of the command's parent.
    ///   - output: The inode of the pipe that the command writes to; `nil` when its output is no pipe.
    ///   - process: Returns what the system reports about a process; `nil` when there is none with that pid.
    ///   - reads: Returns whether a process has the read end of a pipe open.
    package static func choose(
        above parent: Int32,
        output: UInt64?,
        process: (Int32) -> CallingProcess?,
        reads: (_ pid: Int32, _ pipe: UInt64) -> Bool
    ) -> CallerOwner {
        var pid = parent
        // The pipe on which the output leaves the processes below `pid`.
        var pipe = output
        var facts = process(pid)
        // The limit ends the walk if parents change during it and form a cycle.
        for _ in 0..<64 {
            guard let current = facts, current.parent > 0, let above = process(current.parent) else { break }
            let isWrapper = wrappers.contains(current.name) || isShell(current) && above.name == "direnv"
            guard isWrapper || isSubstitution(current, of: above, reads: reads) else { break }
            (pid, pipe, facts) = (above.pid, current.outputPipe, above)
        }
        guard let pipe, let facts, facts.outputPipe != nil else { return CallerOwner(pid: pid, isCertain: true) }
        return CallerOwner(pid: pid, isCertain: reads(pid, pipe))
    }

    /// Commands that run another command, wait for it, and end with it.
    private static let wrappers: Set = [
        "timeout", "env", "nice", "ionice", "stdbuf", "time", "setsid", "flock", "xargs", "strace", "direnv",
    ]

    private static let shells: Set = [
        "sh", "bash", "dash", "ash", "busybox", "zsh", "ksh", "ksh93", "mksh", "oksh", "yash", "fish",
    ]

    private static func isShell(_ process: CallingProcess) -> Bool {
        process.program.map(shells.contains) ?? shells.contains(process.name)
    }

    /// Whether `process` is the shell of a command substitution of `parent`: a fork of it without an exec, whose
    /// standard output is a pipe that `parent` reads.
    private static func isSubstitution(
        _ process: CallingProcess,
        of parent: CallingProcess,
        reads: (Int32, UInt64) -> Bool
    ) -> Bool {
        guard let image = process.image, image == parent.image, process.program == parent.program, isShell(process),
            let pipe = process.outputPipe
        else { return false }
        return reads(parent.pid, pipe)
    }
}
