import PortModel

extension GroupCommitter.WriteContext {
    /// Whether a socket keeps the allocation from ending: one of TCP on its port, or one of UDP that may be the
    /// service's own. A UDP socket of another service does not: it keeps no TCP server off the port.
    func isInUse(_ allocation: Allocation) -> Bool { isHeld(allocation.port) || mayServeUDP(allocation) }

    private func mayServeUDP(_ allocation: Allocation) -> Bool {
        guard hasUDPSocket(allocation.port) else { return false }
        // Without an answer from the kernel, nothing proves that the sockets are another service's.
        guard let sockets = try? machine.blocking.udpSockets(on: [allocation.port]),
            let occupancy = Occupancy(sockets)
        else { return true }
        return !allocation.isTaken(by: occupancy)
    }
}
