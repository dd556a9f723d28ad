/// The words of one remedy, as a part of a sentence.
package struct RemedyPhrase: Hashable, Sendable {
    /// How the phrase is joined with its neighbors.
    package enum Kind: Sendable {
        /// An alternative: joined to the one before it by "or".
        case change
        /// A step of its own.
        case step
        /// Introduces the phrase after it.
        case reason
    }

    package let text: String
    package let kind: Kind
    /// What the step does; left out where the step stands alone or was introduced.
    package let effect: String?

    package init(_ text: String, _ kind: Kind, effect: String? = nil) {
        self.text = text
        self.kind = kind
        self.effect = effect
    }
}

extension [RemedyPhrase] {
    /// The phrases in one line; `nil` when there are none.
    package var sentence: String? {
        var sentence = ""
        for (index, phrase) in enumerated() {
            let previous = index > 0 ? self[index - 1].kind : nil
            switch (previous, phrase.kind) {
            case (nil, _): break
            case (.reason, _): sentence += ": "
            case (.change, .change): sentence += ", or "
            default: sentence += "; "
            }
            sentence += phrase.text
            if let effect = phrase.effect, count > 1, previous != .reason { sentence += " \(effect)" }
        }
        return isEmpty ? nil : sentence
    }
}
