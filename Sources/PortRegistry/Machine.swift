package import PortModel

/// What the rules need to know of the machine. PortSystem implements it for the kernel, tests with fixed values.
package protocol Machine: Sendable {
    /// One look at the sockets of the machine, valid for the moment it is taken.
    func heldPorts() -> any HeldPorts

    /// Whether `path` is a folder now.
    func folderExists(_ path: String) -> Bool
}

/// Which ports sockets hold, at any local address, over IPv4 or IPv6.
package protocol HeldPorts {
    /// Whether a socket listens on `port`, or is bound to it without listening yet.
    func isHeld(_ port: Port) -> Bool
}
