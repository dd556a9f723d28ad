import PortModel

extension GroupCommitter.WriteContext {
    /// Whether a socket keeps the allocation from ending: one of TCP on its port, or one of UDP that may be the
    /// service's own. Throws what the store throws.
    func isInUse(_ allocation: Allocation) throws -> Bool {
        try isHeld(allocation.port) || mayServeUDP(allocation)
    }

    /// Whether a UDP socket that may be the service's own is bound to the port. One of another service keeps no TCP
    /// server off the port. Throws what the store throws.
    func mayServeUDP(_ allocation: Allocation) throws -> Bool {
        guard hasUDPSocket(allocation.port) else { return false }
        // Without an answer from the kernel, nothing proves that the sockets are another service's.
        guard let sockets = try? machine.blocking.udpSockets(on: [allocation.port]),
            let occupancy = Occupancy(sockets)
        else { return true }
        return try verdict(on: occupancy, for: allocation).verdict != .foreign
    }
}
