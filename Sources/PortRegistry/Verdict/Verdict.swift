/// Whether what listens is the service that is asked for.
package enum Verdict: String, Sendable, CaseIterable {
    /// A process of the service listens: this is proven.
    case mine
    /// Somebody listens, and nothing proves whose it is.
    case unknown
    /// A process that is not the service's own listens: this is proven.
    case foreign
    /// Nobody listens.
    case none

    /// The verdict on several listeners of which each may answer: foreign if one is, else unknown if one is.
    init(ofAll verdicts: some Sequence<Verdict>) {
        let found = Set(verdicts)
        self = [.foreign, .unknown, .mine].first(where: found.contains) ?? .none
    }
}
