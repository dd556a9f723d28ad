/// A reason why an allocation lives. An allocation lives while it has at least one.
package struct Hold: Hashable, Sendable {
    package enum Kind: String, Sendable {
        /// Until released.
        case permanent
    }

    package let kind: Kind
    /// The face that placed the hold, which alone may renew or remove it.
    package let face: Face

    package init(kind: Kind, face: Face) {
        self.kind = kind
        self.face = face
    }
}
