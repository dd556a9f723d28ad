extension Sequence where Element: CustomStringConvertible {
    /// The elements as a list in a sentence: `3000`, `3000 and 3001`, `3000, 3001 and 3002`.
    package var listed: String {
        let texts = map(\.description)
        guard let last = texts.last, texts.count > 1 else { return texts.joined() }
        return "\(texts.dropLast().joined(separator: ", ")) and \(last)"
    }
}
