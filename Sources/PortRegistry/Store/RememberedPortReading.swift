package import PortModel

/// The queries about the ports that identities had last.
package protocol RememberedPortReading {
    /// Returns the port that the identity's replica had last; `nil` when none is remembered.
    func rememberedPort(of identity: ServiceIdentity, replica: Int) throws -> Port?
    /// Returns the remembered ports of the pool that are not allocated, the least recently used first.
    func leastRecentlyUsedPorts(in pool: PortPool) throws -> [Port]
}
