/// A process that has a listening socket open.
package struct ProcessDTO: Codable, Hashable, Sendable {
    package var pid: Int32
    /// The kernel's name of the process: at most 15 bytes on Linux.
    package var name: String
    /// The program and its arguments; at most 4 KB.
    package var command: [String]
    /// The working directory; `nil` when the kernel does not reveal it.
    package var directory: String?
    /// The path of the working directory before it was removed; `nil` unless it was.
    package var removedDirectory: String?
    /// The parent; `nil` when it cannot be seen, or is process 1.
    package var parent: ParentDTO?
    /// `true` for a process that a signal such as SIGSTOP has stopped, else `nil`.
    package var stopped: Bool?
    /// Of a process that only listens for others, such as docker-proxy: the command that shows for whom. Otherwise
    /// `nil`.
    package var forwards: String?
    /// How long the process has run, in seconds. Only in a verdict, so that listings stay the same; else `nil`.
    package var age: Int?
    /// Of a process on an allocated port: `mine`, `unknown` or `foreign`; otherwise `nil`.
    package var verdict: String?

    package enum CodingKeys: String, CodingKey {
        case pid, name, command, parent, stopped, forwards, verdict
        case age = "age_seconds"
        case removedDirectory = "removed_folder"
        case directory = "folder"
    }

    package init(
        pid: Int32,
        name: String,
        command: [String],
        directory: String?,
        parent: ParentDTO? = nil,
        stopped: Bool? = nil
    ) {
        self.pid = pid
        self.name = name
        self.command = command
        self.directory = directory
        self.parent = parent
        self.stopped = stopped
    }

    /// The name and pid, as in `node (pid 4242)`.
    package var description: String { "\(name) (pid \(pid))" }
}
