package import PortModel

/// What the verdict on a listener is compared with: one service, as the registry and the file system know it now.
package struct ServiceFacts: Sendable {
    /// The id of the registry, which its marks carry.
    package var registry: String
    package var allocation: Allocation
    /// The inode of the socket that was registered as the service's own in this boot; `nil` when there is none.
    package var knownSocket: UInt32?
    /// The inode of a socket of which nothing was known when the port was requested; `nil` when there is none.
    package var toleratedSocket: UInt32?
    /// What is at the service's directory; `nil` for a service without one.
    package var directory: DirectoryState?
    /// The allocations that each process is a living owner of, by pid: at least for the processes that are asked about
    /// and their ancestors.
    package var owners: [Int32: Set<Int64>]
    /// The paths of the directories that the registry has recorded for services and projects: at least those among the
    /// places of the processes that are asked about.
    package var recordedDirectories: Set<String>
    /// The users, other than this one, who are persons.
    package var otherPersons: Set<UInt32>
    /// Processes with their sockets that were proven to be the service's own earlier, and the directory that it had
    /// then.
    package var proven: [ProvenListener: DirectoryStamp?]

    package init(
        registry: String,
        allocation: Allocation,
        knownSocket: UInt32? = nil,
        toleratedSocket: UInt32? = nil,
        directory: DirectoryState? = nil,
        owners: [Int32: Set<Int64>] = [:],
        recordedDirectories: Set<String> = [],
        otherPersons: Set<UInt32> = [],
        proven: [ProvenListener: DirectoryStamp?] = [:]
    ) {
        self.registry = registry
        self.allocation = allocation
        self.knownSocket = knownSocket
        self.toleratedSocket = toleratedSocket
        self.directory = directory
        self.owners = owners
        self.recordedDirectories = recordedDirectories
        self.otherPersons = otherPersons
        self.proven = proven
    }
}

extension ServiceFacts {
    /// Leaves out owners that have exited. Their holds stay, as holds without an owner.
    mutating func forget(_ exited: Set<Owner>) {
        guard !exited.isEmpty else { return }
        for owner in exited { owners[owner.pid] = nil }
        for index in allocation.holds.indices where allocation.holds[index].livingOwner.map(exited.contains) ?? false {
            allocation.holds[index].lifetime = .permanent
        }
    }
}

/// A process with a listening socket, proven to be a service's own. A later process with its pid, or another socket, is
/// another value.
package struct ProvenListener: Hashable, Sendable {
    package var allocation: Int64
    package var pid: Int32
    package var startTime: Int64
    package var socket: UInt32

    /// Creates the value for the process that has the socket with that inode open.
    package init(allocation: Int64, process: Occupier, socket: UInt32) {
        self.allocation = allocation
        pid = process.pid
        startTime = process.startTime
        self.socket = socket
    }
}
