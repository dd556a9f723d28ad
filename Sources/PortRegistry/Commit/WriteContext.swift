package import PortModel

extension GroupCommitter {
    /// The state that a use case works on: the open transaction and one snapshot of the machine's sockets.
    package final class WriteContext {
        package let transaction: any RegistryTransaction
        package let now: Timestamp
        package let uptime: Uptime
        let machine: any Machine
        let provenListeners: ProvenListeners
        private var occupancies: [Port: Occupancy?] = [:]
        private var sockets: [Port: [UInt32]] = [:]
        private var udpPorts: (any HeldPorts)?
        private var leastRecentlyUsed: [PortPool: [Port]] = [:]
        /// The earliest of the deadlines that ``scheduleExpiry(at:)`` was called with.
        var earliestDeadline: Uptime?
        var snapshot: GroupSnapshot

        init(
            transaction: any RegistryTransaction,
            machine: any Machine,
            provenListeners: ProvenListeners,
            snapshotTask: SnapshotTask?,
            previousSnapshot: (any HeldPorts)?,
            now: Timestamp
        ) {
            self.transaction = transaction
            self.machine = machine
            self.provenListeners = provenListeners
            self.now = now
            uptime = machine.uptime()
            snapshot = GroupSnapshot(of: machine, task: snapshotTask, previous: previousSnapshot, now: uptime)
        }

        /// The processes that listen on `port`; `nil` when no process does. Read once per group. Throws
        /// `system_unavailable`.
        package func occupancy(of port: Port) throws(RegistryError) -> Occupancy? {
            if let known = occupancies[port] { return known }
            let found = try machine.blocking.occupancies(of: [port])[port]
            occupancies[port] = .some(found)
            return found
        }

        /// The inodes of the sockets that listen on `port`. Read once per group. Throws `system_unavailable`.
        func listeningSockets(on port: Port) throws(RegistryError) -> [UInt32] {
            if let known = sockets[port] { return known }
            let found = try machine.blocking.listeningSockets(on: port)
            sockets[port] = found
            return found
        }

        /// Returns the list of ``RegistryReading/leastRecentlyUsedPorts(in:)``, which is read once until an allocation
        /// ends: allocating only removes ports from it, and the caller checks each port anyway.
        package func leastRecentlyUsedPorts(in pool: PortPool) throws -> [Port] {
            if let known = leastRecentlyUsed[pool] { return known }
            let ports = try transaction.leastRecentlyUsedPorts(in: pool)
            leastRecentlyUsed[pool] = ports
            return ports
        }

        /// Call when an allocation has ended: its port belongs to the list of unused ports now.
        func forgetUnusedPorts() { leastRecentlyUsed = [:] }

        /// Runs `body`, and rolls back its changes when it refuses.
        func attempt<Value>(
            _ body: () throws -> Result<Value, RegistryError>
        ) throws -> Result<Value, RegistryError> {
            let result = try transaction.attempt(body)
            if case .failure = result { forgetUnusedPorts() }
            return result
        }

        /// Whether a TCP socket listens on `port`, or is bound to it.
        package func isHeld(_ port: Port) -> Bool { snapshot.isHeld(port) }

        /// Whether a UDP socket is bound to `port`. Read once per group, and not before a use case asks: most get the
        /// port that they have.
        func hasUDPSocket(_ port: Port) -> Bool {
            let ports = udpPorts ?? machine.blocking.heldUDPPorts()
            udpPorts = ports
            return ports.isHeld(port)
        }

        /// Schedules ``Registry/expireHolds()`` for `deadline`, or earlier if an earlier deadline is known. `nil` has
        /// no effect.
        package func scheduleExpiry(at deadline: Uptime?) {
            guard let deadline, deadline.milliseconds < earliestDeadline?.milliseconds ?? .max else { return }
            earliestDeadline = deadline
        }
    }
}
