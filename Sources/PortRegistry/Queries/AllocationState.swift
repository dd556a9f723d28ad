/// How the port of an allocation is really used.
package enum AllocationState: String, Sendable, CaseIterable {
    /// No socket holds the port.
    case reserved
    /// A socket holds the port, and nothing proves that it is not the service's own.
    case active
    /// Somebody listens who is not the service: ``Verdict/foreign``.
    case conflict
    /// The last hold has ended, but the port is still listened on.
    case lingering

    /// Decides the state of an allocation. `isHeld` is whether a socket holds the port, `verdict` that on its
    /// listeners.
    package init(hasHolds: Bool, isHeld: Bool, verdict: Verdict) {
        if !hasHolds {
            self = .lingering
        } else if verdict == .foreign {
            self = .conflict
        } else {
            self = isHeld || verdict != .none ? .active : .reserved
        }
    }
}
