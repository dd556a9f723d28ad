package import PortModel

/// The facts about the machine that take longer the more sockets and processes it has: each call reads tables of the
/// kernel or walks through processes, and blocks its thread meanwhile. The threads of tasks are too few for that, and
/// all requests share them; see ``Machine/inspect(_:)``.
package protocol BlockingMachine: Sendable {
    /// Returns the ports that TCP sockets hold now.
    func heldPorts() -> any HeldPorts

    /// Returns the ports that UDP sockets are bound to now.
    func heldUDPPorts() -> any HeldPorts

    /// Returns the inodes of the sockets that listen on `port`, at a tenth of the cost of finding their processes.
    /// Throws `system_unavailable`.
    func listeningSockets(on port: Port) throws(RegistryError) -> [UInt32]

    /// Returns the port of every listening socket, by the inode of the socket. Finds no processes, so it takes only
    /// microseconds on Linux. Throws `system_unavailable`.
    func listeningSockets() throws(RegistryError) -> [UInt32: Port]

    /// Returns the listening sockets on `ports`, or on all ports for `nil`, with the processes that the kernel reports.
    /// With `fresh`, no process that was found earlier is reused. Throws `system_unavailable` when the kernel does not
    /// answer: that does not mean that no process listens.
    func listeners(on ports: Set<Port>?, fresh: Bool) throws(RegistryError) -> [Listener]

    /// Returns the UDP sockets that are bound to `ports`, or to any port for `nil`, with the processes that the kernel
    /// reports. Throws `system_unavailable`.
    func udpSockets(on ports: Set<Port>?) throws(RegistryError) -> [Listener]

    /// Returns the sockets that use `port` without listening on it. Throws `system_unavailable`.
    func uses(of port: Port) throws(RegistryError) -> [PortUse]

    /// Returns the project that a process in `directory` works for; `nil` when there is none, as in the root directory.
    func project(around directory: String) -> Project?

    /// Returns what is at the path of a service's directory now.
    func directoryState(_ path: String) -> DirectoryState

    /// Returns whether the user id is that of a person other than this user: neither of a service of the system, nor
    /// one that this user's containers use.
    func isAnotherPerson(_ userID: UInt32) -> Bool

    /// Returns whether the path is, for the registry, the working directory of the process: one in another mount
    /// namespace may have another directory there.
    func isDirectory(_ path: String, of pid: Int32) -> Bool

    /// Returns `pids` and the pids of their ancestors, as far as they can be seen.
    func lineage(of pids: [Int32]) -> Set<Int32>

    /// The registry's own processes, by pid. They are never signalled.
    var protectedProcesses: [Int32: ProtectedProcess] { get }

    /// Sends SIGTERM to the occupier, or SIGKILL with `kill`, if it is still the same process and has one of `sockets`
    /// open.
    func signal(_ occupier: Occupier, holding sockets: Set<UInt32>, kill: Bool) -> SignalOutcome
}

extension BlockingMachine {
    /// Returns the listeners on each of `ports`; ports without listeners are left out. Throws `system_unavailable`.
    func occupancies(of ports: Set<Port>, fresh: Bool = false) throws(RegistryError) -> [Port: Occupancy] {
        Dictionary(grouping: try listeners(on: ports, fresh: fresh), by: \.port).compactMapValues(Occupancy.init)
    }
}
