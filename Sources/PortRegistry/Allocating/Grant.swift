package import PortModel

/// A granted allocation and what the caller should be told.
package struct Grant: Sendable {
    package var allocation: Allocation
    package var outcome: Outcome
    /// Why the port is a poor choice, or why it is not the expected one; each one line.
    package var warnings: [String]

    func adding(_ warning: String?) -> Grant {
        var grant = self
        grant.warnings += warning.map { [$0] } ?? []
        return grant
    }

    package enum Outcome: Sendable {
        case new
        /// The identity already had the port.
        case existing
        /// The identity had another port, which a stranger has taken.
        case moved
    }

    package init(allocation: Allocation, outcome: Outcome, warnings: [String]) {
        self.allocation = allocation
        self.outcome = outcome
        self.warnings = warnings
    }
}
