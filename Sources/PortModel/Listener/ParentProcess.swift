/// The parent of a process that has a listening socket open.
package struct ParentProcess: Hashable, Sendable {
    package var pid: Int32
    /// The start time, in the unit of ``Owner/startTime``.
    package var startTime: Int64
    /// The command name that the kernel keeps: at most 15 bytes on Linux.
    package var name: String
    /// Whether the process leads its session, as the shell of a terminal does, or adopts orphans. It then does not
    /// start the process again when that ends.
    package var isBystander: Bool

    package init(pid: Int32, startTime: Int64, name: String, isBystander: Bool) {
        self.pid = pid
        self.startTime = startTime
        self.name = name
        self.isBystander = isBystander
    }

    /// The name and pid on one line, as in `sh (pid 8)`.
    package var description: String { "\(name.oneLine) (pid \(pid))" }
}
