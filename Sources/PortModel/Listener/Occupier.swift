/// A process that has a listening socket open.
package struct Occupier: Hashable, Sendable {
    package var pid: Int32
    /// The start time, in the unit of ``Owner/startTime``. Together with the pid it distinguishes the process from a
    /// later one with the same pid.
    package var startTime: Int64
    /// How long the process ran when it was read, in seconds; `nil` when that is unknown.
    package var age: Int?
    /// The command name that the kernel keeps: at most 15 bytes on Linux.
    package var name: String
    /// The program and its arguments without what looks like a secret (``CommandLineSecrets``); empty when they cannot
    /// be read.
    ///
    /// The secrets are removed when the command line is read, because most occupiers are found for their pids and
    /// directories only. Nothing else returns the arguments.
    package var commandLine: [String] {
        get { CommandLineSecrets.removed(from: arguments.all) }
        set { arguments = Arguments(all: newValue) }
    }
    private var arguments: Arguments
    /// The working directory; `nil` when it cannot be read or was removed.
    package var directory: String?
    /// The path of the working directory before it was removed, even if another directory has that path now; `nil`
    /// unless it was removed.
    package var removedDirectory: String?
    /// Where the process works; `nil` when its working directory cannot be read or was removed.
    package var place: ProcessPlace?
    /// The mark in the environment that the process was started with; `nil` when it has none, or may not be read.
    package var mark: ServiceMark?
    /// The pids of the ancestors, starting with the parent.
    package var ancestors: [Int32]
    /// The parent; `nil` when it cannot be seen, or is process 1.
    package var parent: ParentProcess?
    /// Whether the process is stopped by a signal such as SIGSTOP: it acts on other signals only once it continues.
    package var isStopped: Bool
    /// The start time of the nearest process, among the process itself and its ancestors, whose parent is process 1 or
    /// a subreaper such as a user's systemd: its real parent is unknown. In the unit of ``startTime``; `nil` when there
    /// is no such process.
    package var adoptedSince: Int64?

    /// Creates an occupier. `commandLine` may contain secrets.
    package init(
        pid: Int32,
        startTime: Int64,
        age: Int? = nil,
        name: String,
        commandLine: [String] = [],
        directory: String?,
        removedDirectory: String? = nil,
        place: ProcessPlace? = nil,
        mark: ServiceMark? = nil,
        ancestors: [Int32],
        parent: ParentProcess? = nil,
        isStopped: Bool = false,
        adoptedSince: Int64? = nil
    ) {
        self.pid = pid
        self.startTime = startTime
        self.age = age
        self.name = name
        arguments = Arguments(all: commandLine)
        self.directory = directory
        self.removedDirectory = removedDirectory
        self.place = place
        self.mark = mark
        self.ancestors = ancestors
        self.parent = parent
        self.isStopped = isStopped
        self.adoptedSince = adoptedSince
    }

    /// Arguments with their secrets. A description of the occupier does not contain them.
    private struct Arguments: Hashable, Sendable, CustomStringConvertible {
        var all: [String]

        var description: String { CommandLineSecrets.removed(from: all).description }
    }
}
