/// What the system says about an errno of bind(2) and listen(2).
package struct BindError: Sendable {
    /// Whether another socket has the address: EADDRINUSE.
    package var isTaken: Bool
    /// The system's text.
    package var reason: String

    package init(isTaken: Bool, reason: String) {
        self.isTaken = isTaken
        self.reason = reason
    }
}
