package import PortModel

/// What a service name means.
package struct ServiceLookup: Sendable {
    /// The allocations of the service, ordered by replica, but last those on whose ports somebody else listens;
    /// empty when it has none.
    package let reports: [AllocationReport]
    /// The service without allocations, and the port that its first replica had last; `nil` when none is remembered.
    package let lastPort: (identity: ServiceIdentity, port: Port)?
}
