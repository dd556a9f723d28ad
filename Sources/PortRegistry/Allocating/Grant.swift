package import PortModel

/// A granted allocation, and what the caller should know about it.
package struct Grant: Sendable {
    package var allocation: Allocation
    package var outcome: Outcome
    /// Reasons why the port is a poor choice, or not the expected one; each one line.
    package var warnings: [String]
    /// The mark for the environment of the command that owns the allocation; `nil` for any other owner.
    package var mark: ServiceMark?
    /// What to do about the warnings.
    package var remedies: [Remedy] = []
    /// The environment variables that name the ports of the instance's services; `nil` when they were not requested.
    package var variables: [String: String]?
    /// The service's other allocations whose ports sockets hold, if that is why it got a further one.
    var busyReplicas: [Allocation] = []
    /// Whether a UDP socket is bound to the port, which the service did not have before.
    var hasUDPSocket = false

    /// Returns the grant with one more warning, if it is not `nil`, and what to do about it.
    func adding(_ warning: String?, remedy: Remedy? = nil) -> Grant {
        var grant = self
        grant.remedies += remedy.map { [$0] } ?? []
        grant.warnings += warning.map { [$0] } ?? []
        return grant
    }

    /// How the identity got the port.
    package enum Outcome: Sendable {
        /// The allocation was made.
        case new
        /// The identity already had the port.
        case existing
        /// The identity had another port, which another process has taken.
        case moved
    }

    package init(allocation: Allocation, outcome: Outcome, warnings: [String]) {
        self.allocation = allocation
        self.outcome = outcome
        self.warnings = warnings
    }
}
