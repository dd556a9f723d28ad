package import PortModel

/// The verdict on one process that has a listening socket open.
package struct ListenerVerdict: Hashable, Sendable {
    package let listener: Listener
    /// The process; `nil` when the system does not show it.
    package let process: Occupier?
    package let verdict: Verdict
    package let reason: VerdictReason
}
