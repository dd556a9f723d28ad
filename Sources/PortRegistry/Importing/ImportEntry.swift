package import PortModel

/// A port that a service had in another system.
package struct ImportEntry: Hashable, Sendable {
    package let identity: ServiceIdentity
    package let replica: Int
    package let port: Port
    /// The process that uses the port; `nil` when the port is only remembered.
    package var pid: Int32?

    package init(identity: ServiceIdentity, replica: Int, port: Port, pid: Int32?) {
        self.identity = identity
        self.replica = replica
        self.port = port
        self.pid = pid
    }
}
