package import PortModel

/// The changes to the ports that identities had last.
package protocol RememberedPortWriting {
    /// The ports that identities remember, with the transaction's own changes.
    var rememberedPorts: PortSet { get }

    /// Remembers `port` for the replica, in place of another one, with `at` as its last use. Does nothing for an
    /// anonymous identity.
    func remember(_ identity: ServiceIdentity, replica: Int, port: Port, at: Timestamp) throws
    /// Deletes the remembered ports of all replicas.
    func forget(_ identity: ServiceIdentity) throws
}
