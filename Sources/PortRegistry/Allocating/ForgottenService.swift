package import PortModel

/// What `forget` undid.
package struct ForgottenService: Hashable, Sendable {
    package let identity: ServiceIdentity
    package let port: Port
    /// Whether an allocation ended, too.
    package let wasAllocated: Bool

    package init(identity: ServiceIdentity, port: Port, wasAllocated: Bool) {
        self.identity = identity
        self.port = port
        self.wasAllocated = wasAllocated
    }
}
