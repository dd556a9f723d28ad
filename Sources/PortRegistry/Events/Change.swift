/// What a subscriber to the registry's changes receives.
package enum Change: Sendable {
    /// An allocation or a listener has changed.
    case event(RegistryEvent)
    /// Events are missing, because this subscriber was too slow, or more happened than the journal keeps: what the
    /// subscriber knows must be read again.
    case reset
    /// What was committed before ``Changes/mark()`` has been received.
    case mark
}
