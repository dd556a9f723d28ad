/// A listening TCP socket, as the kernel tells it to anybody.
package struct Listener: Hashable, Sendable {
    package var port: Port
    /// The local address in numbers, such as `127.0.0.1`; `0.0.0.0` and `::` for every one.
    package var address: String
    /// Of the process that made the socket.
    package var userID: UInt32
    /// The socket's inode, unique while it exists.
    package var inode: UInt32
    /// The processes that have the socket open; none when the kernel does not tell: another user's, or in a container.
    package var occupiers: [Occupier]

    package init(port: Port, address: String, userID: UInt32, inode: UInt32, occupiers: [Occupier]) {
        self.port = port
        self.address = address
        self.userID = userID
        self.inode = inode
        self.occupiers = occupiers
    }
}

/// A process that has a listening socket open.
package struct Occupier: Hashable, Sendable {
    package var pid: Int32
    /// As ``Owner/startTime``: with the pid it tells the process from a later one.
    package var startTime: Int64
    /// The command's name, as the kernel has it: at most 15 bytes on Linux.
    package var name: String
    /// The program and its arguments; empty when the kernel does not tell.
    package var commandLine: [String]
    /// Its working folder; `nil` when the kernel does not tell.
    package var folder: String?
    /// The git checkout around the folder; `nil` without one.
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
        folder: String?,
        checkout: String? = nil,
        ancestors: [Int32],
        adoptedSince: Int64? = nil
    ) {
        self.pid = pid
        self.startTime = startTime
        self.name = name
        self.commandLine = commandLine
        self.folder = folder
        self.checkout = checkout
        self.ancestors = ancestors
        self.adoptedSince = adoptedSince
    }
}
