/// The parent of a process that has a listening socket open.
package struct ParentDTO: Codable, Hashable, Sendable {
    package var pid: Int32
    /// As ``ProcessDTO/name``.
    package var name: String

    package init(pid: Int32, name: String) {
        self.pid = pid
        self.name = name
    }

    /// The name and pid, as in `sh (pid 4242)`.
    package var description: String { "\(name) (pid \(pid))" }
}
