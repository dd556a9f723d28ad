package import PortModel

/// What the rules need to know of the machine. PortSystem implements it for the kernel, tests with fixed values.
package protocol Machine: Sendable {
    /// One look at the sockets of the machine, valid for the moment it is taken.
    func heldPorts() -> any HeldPorts

    /// Whether `path` is a folder now.
    func folderExists(_ path: String) -> Bool

    /// Now, on the clock that neither jumps nor counts sleep.
    func uptime() -> Uptime

    /// The process of this user that has `pid` now.
    func owner(pid: Int32) -> OwnerLookup

    /// Learns of these owners' exits from now on, and of nobody else's. A machine that looks when it is asked need not.
    func watch(_ owners: OwnerSet)

    /// Which of `owners` have exited: all of them that the machine knows of.
    func exited(of owners: OwnerSet) -> Set<Owner>

    /// Whether an owner may have exited since ``exited(of:)`` was asked last.
    func hasNewExits() -> Bool

    /// Who listens on each of `ports`; a port that nobody listens on is left out.
    func occupancies(of ports: [Port]) -> [Port: Occupancy]
}

/// Which ports sockets hold, at any local address, over IPv4 or IPv6.
package protocol HeldPorts {
    /// Whether a socket listens on `port`, or is bound to it without listening yet.
    func isHeld(_ port: Port) -> Bool
}
