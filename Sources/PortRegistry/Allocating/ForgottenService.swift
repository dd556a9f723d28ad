package import PortModel

/// A service whose remembered ports were deleted.
package struct ForgottenService: Hashable, Sendable {
    package let identity: ServiceIdentity
    /// The port that the first replica had.
    package let port: Port
    /// Whether the service had an allocation, which was ended.
    package let wasAllocated: Bool

    package init(identity: ServiceIdentity, port: Port, wasAllocated: Bool) {
        self.identity = identity
        self.port = port
        self.wasAllocated = wasAllocated
    }
}
