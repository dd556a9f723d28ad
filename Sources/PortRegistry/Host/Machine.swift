package import PortModel

/// What the rules need to know of the machine. PortSystem implements it for the kernel, tests with fixed values.
package protocol Machine: Sendable {
    /// One look at the sockets of the machine, valid for the moment it is taken.
    func heldPorts() -> any HeldPorts

    /// Whether `path` is a directory now.
    func directoryExists(_ path: String) -> Bool

    /// Now, on the clock that neither jumps nor counts sleep.
    func uptime() -> Uptime

    /// The process of this user that has `pid` now, in the eyes of the process `caller` (see ``Caller/pid``).
    func owner(pid: Int32, seenBy caller: Int32?) -> OwnerLookup

    /// Which of `owners` have exited: all of them that the machine knows of. Asked at the start of a transaction.
    func collectExits(of owners: OwnerSet) -> Set<Owner>

    /// The transaction was committed: what it was told of exits has been judged, and these owners' exits are to be
    /// noticed from now on, and nobody else's. A machine that looks whenever it is asked has nothing to do.
    func didCommit(_ owners: OwnerSet)

    /// Whether an owner may have exited whose end has not been judged.
    func hasNewExits() -> Bool

    /// The inodes of the sockets that listen on `port`: at a tenth of the cost of their processes.
    func listeningSockets(on port: Port) throws(RegistryError) -> [UInt32]

    /// Every listening socket, by its inode, without its processes: some microseconds.
    func listeningSockets() throws(RegistryError) -> [UInt32: Port]

    /// From which the kernel takes ports for outgoing connections, now; `nil` when it does not tell.
    var ephemeralRange: PortRange? { get }

    /// Those of the registry itself, which are never signalled, by pid.
    var protectedProcesses: [Int32: ProtectedProcess] { get }

    /// Ends the occupier: SIGTERM, or with `kill` SIGKILL, if it still is what it was and has one of the sockets open.
    func signal(_ occupier: Occupier, holding sockets: Set<UInt32>, kill: Bool) -> SignalOutcome

    /// The project that a process in `directory` works for; `nil` for none, such as the root directory.
    func project(around directory: String) -> SurroundingProject?

    /// The listening sockets on `ports`, or all of them for `nil`, with the processes that the kernel tells. `anew`:
    /// nothing that was seen before may stand in for another look.
    /// Throws `system_unavailable` when the kernel does not answer, as the two above do: unknown is not nobody.
    func listeners(on ports: Set<Port>?, fresh: Bool) throws(RegistryError) -> [Listener]
}

extension Machine {
    /// Who listens on each of `ports`; a port that nobody listens on is left out.
    func occupancies(of ports: Set<Port>, fresh: Bool = false) throws(RegistryError) -> [Port: Occupancy] {
        Dictionary(grouping: try listeners(on: ports, fresh: fresh), by: \.port).compactMapValues(Occupancy.init)
    }
}
