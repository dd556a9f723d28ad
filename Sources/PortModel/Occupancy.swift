/// Who listens on one port.
package struct Occupancy: Hashable, Sendable {
    package var occupiers: [Occupier]
    /// Whether the kernel told the processes of every listening socket. If not, unknown stays unknown.
    package var isComplete: Bool

    package init(occupiers: [Occupier], isComplete: Bool) {
        self.occupiers = occupiers
        self.isComplete = isComplete
    }
}

/// A process that has a listening socket open.
package struct Occupier: Hashable, Sendable {
    package var pid: Int32
    /// The command's name, as the kernel has it: at most 15 bytes on Linux.
    package var name: String
    /// Its working folder; `nil` when the kernel does not tell.
    package var folder: String?
    /// The pids of its parent, that one's parent, and so on.
    package var ancestors: [Int32]

    package init(pid: Int32, name: String, folder: String?, ancestors: [Int32]) {
        self.pid = pid
        self.name = name
        self.folder = folder
        self.ancestors = ancestors
    }
}
