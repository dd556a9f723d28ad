/// A process that has a listening socket open.
package struct Occupier: Hashable, Sendable {
    package var pid: Int32
    /// As ``Owner/startTime``: with the pid it tells the process from a later one.
    package var startTime: Int64
    /// The command's name, as the kernel has it: at most 15 bytes on Linux.
    package var name: String
    /// The program and its arguments; empty when the kernel does not tell.
    package var commandLine: [String]
    /// Its working directory; `nil` when the kernel does not tell.
    package var directory: String?
    /// The git checkout around the directory; `nil` without one.
    package var checkout: String?
    /// The pids of its parent, that one's parent, and so on.
    package var ancestors: [Int32]
    /// When the uppermost of these that has an adopter of orphans (process 1, a user's systemd) for a parent started,
    /// or the process itself: what was its parent before, nobody knows. As ``startTime``; `nil` when none has.
    package var adoptedSince: Int64?

    package init(
        pid: Int32,
        startTime: Int64,
        name: String,
        commandLine: [String] = [],
        directory: String?,
        checkout: String? = nil,
        ancestors: [Int32],
        adoptedSince: Int64? = nil
    ) {
        self.pid = pid
        self.startTime = startTime
        self.name = name
        self.commandLine = commandLine
        self.directory = directory
        self.checkout = checkout
        self.ancestors = ancestors
        self.adoptedSince = adoptedSince
    }
}
