package import PortRegistry

/// Lets the daemon end in favor of one that a caller starts in its own network namespace.
package protocol Succession: Sendable {
    /// Decides whether the daemon ends for a caller; `canStart` is whether that starts another one. After `true`, no
    /// new client reaches the home's socket.
    func isDue(for caller: CallerNetwork, startingItsOwn canStart: Bool) async -> Bool

    /// Ends the daemon gracefully.
    func end()
}
