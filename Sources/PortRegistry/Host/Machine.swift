package import PortModel

/// The facts about the machine that the rules depend on. Implementations read them from the kernel; those of tests have
/// fixed values.
package protocol Machine: Sendable {
    /// Returns the ports that sockets hold now.
    func heldPorts() -> any HeldPorts

    /// Returns whether `path` is a directory now.
    func directoryExists(_ path: String) -> Bool

    /// Returns whether a file system is mounted in the directory at `path` now.
    func isMountPoint(_ path: String) -> Bool

    /// Returns the time of a clock that neither jumps nor runs while the machine sleeps.
    func uptime() -> Uptime

    /// Looks up the process of this user that has `pid` now, in the pid namespace of the process `caller` (see
    /// ``Caller/pid``).
    func owner(pid: Int32, seenBy caller: Int32?) -> OwnerLookup

    /// Returns which of `owners` have exited, as far as the machine knows. Called at the start of each transaction.
    func collectExits(of owners: OwnerSet) -> Set<Owner>

    /// Called after each commit. Watch exactly these owners from now on; exits reported earlier are settled. A machine
    /// that reads the processes in each ``collectExits(of:)`` has nothing to do.
    func didCommit(_ owners: OwnerSet)

    /// Returns whether an owner may have exited since the last committed transaction collected exits.
    func hasNewExits() -> Bool

    /// Returns the inodes of the sockets that listen on `port`, at a tenth of the cost of finding their processes.
    /// Throws `system_unavailable`.
    func listeningSockets(on port: Port) throws(RegistryError) -> [UInt32]

    /// Returns the port of every listening socket, by the inode of the socket. Finds no processes, so it takes only
    /// microseconds. Throws `system_unavailable`.
    func listeningSockets() throws(RegistryError) -> [UInt32: Port]

    /// The range from which the kernel now takes ports for outgoing connections; `nil` when the kernel does not report
    /// it.
    var ephemeralRange: PortRange? { get }

    /// The network namespace whose sockets this machine shows.
    var network: LocalNetwork { get }

    /// The registry's own processes, by pid. They are never signalled.
    var protectedProcesses: [Int32: ProtectedProcess] { get }

    /// Returns the sockets that use `port` without listening on it. Throws `system_unavailable`.
    func uses(of port: Port) throws(RegistryError) -> [PortUse]

    /// What the system hides about processes; `nil` in the usual case.
    var processLimit: ProcessLimit? { get }

    /// Returns `pids` and the pids of their ancestors, as far as they can be seen.
    func lineage(of pids: [Int32]) -> Set<Int32>

    /// Sends SIGTERM to the occupier, or SIGKILL with `kill`, if it is still the same process and has one of `sockets`
    /// open.
    func signal(_ occupier: Occupier, holding sockets: Set<UInt32>, kill: Bool) -> SignalOutcome

    /// Returns the project that a process in `directory` works for; `nil` when there is none, as in the root directory.
    func project(around directory: String) -> SurroundingProject?

    /// Returns the listening sockets on `ports`, or on all ports for `nil`, with the processes that the kernel reports.
    /// With `fresh`, no process that was found earlier is reused. Throws `system_unavailable` when the kernel does not
    /// answer: that does not mean that no process listens.
    func listeners(on ports: Set<Port>?, fresh: Bool) throws(RegistryError) -> [Listener]
}

extension Machine {
    /// Returns the listeners on each of `ports`; ports without listeners are left out. Throws `system_unavailable`.
    func occupancies(of ports: Set<Port>, fresh: Bool = false) throws(RegistryError) -> [Port: Occupancy] {
        Dictionary(grouping: try listeners(on: ports, fresh: fresh), by: \.port).compactMapValues(Occupancy.init)
    }
}
