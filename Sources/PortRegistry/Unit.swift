package import PortModel

#if canImport(FoundationEssentials)
    package import struct FoundationEssentials.Date
#else
    package import struct Foundation.Date
#endif

extension GroupCommitter {
    /// What a use case works with: the open transaction and one look at the machine.
    package final class Unit {
        package let transaction: any RegistryTransaction
        package let now: Date
        package let uptime: Uptime
        let machine: any Machine
        private var occupancies: [Port: Occupancy?] = [:]
        private var longestUnused: [PortPool: [Port]] = [:]
        /// The earliest of the deadlines that were noted.
        var earliestDeadline: Uptime?
        /// The one look.
        var look: GroupLook

        init(
            transaction: any RegistryTransaction,
            machine: any Machine,
            pendingLook: PendingLook?,
            formerLook: (any HeldPorts)?,
            now: Date
        ) {
            self.transaction = transaction
            self.machine = machine
            // As it will be read back from the database.
            self.now = Date(milliseconds: now.milliseconds)
            uptime = machine.uptime()
            look = GroupLook(at: machine, pending: pendingLook, former: formerLook, now: uptime)
        }

        /// Who listens on `port`; `nil` when nobody does. Looked up once.
        /// Throws `machine_busy`.
        package func occupancy(of port: Port) throws(RegistryError) -> Occupancy? {
            if let known = occupancies[port] { return known }
            let found = try machine.occupancies(of: [port])[port]
            occupancies[port] = .some(found)
            return found
        }

        /// As the store has it, asked for once until something ends: allocating only takes ports away, and whoever
        /// chooses looks at those anyhow.
        package func longestUnusedPorts(in pool: PortPool) throws -> [Port] {
            if let known = longestUnused[pool] { return known }
            let ports = try transaction.longestUnusedPorts(in: pool)
            longestUnused[pool] = ports
            return ports
        }

        /// An allocation has ended: its port is one of them now.
        func forgetUnusedPorts() { longestUnused = [:] }

        /// Runs `body`, and undoes what it changed when it refuses.
        func attempt<Value>(
            _ body: () throws -> Result<Value, RegistryError>
        ) throws -> Result<Value, RegistryError> {
            let result = try transaction.attempt(body)
            if case .failure = result { forgetUnusedPorts() }
            return result
        }

        /// Whether a socket listens on `port`, or is bound to it.
        package func isHeld(_ port: Port) -> Bool { look.isHeld(port) }

        /// Notes when the registry must be tidied again.
        package func note(_ deadline: Uptime?) {
            guard let deadline, deadline.milliseconds < earliestDeadline?.milliseconds ?? .max else { return }
            earliestDeadline = deadline
        }
    }
}
