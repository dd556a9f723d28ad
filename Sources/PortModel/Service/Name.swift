/// The rule for one name of a service identity.
package enum Name {
    /// In characters, as DESIGN fixes it.
    package static let maximumLength = 128
    /// As UTF-8: four for each character.
    package static let maximumBytes = 4 * maximumLength

    /// The trimmed name. Throws `invalid_name` for a blank, over-long or unprintable one; `part` says which name it is.
    package static func validated(_ text: String, as part: String) throws(RegistryError) -> String {
        let name = text.trimmingSpaces()
        if name.isEmpty {
            throw RegistryError(.invalidName, "\(part) must not be blank", subject: part)
        }
        if name.count > maximumLength {
            throw RegistryError(
                .invalidName,
                "\(part) has \(name.count) characters, at most \(maximumLength) are allowed",
                subject: part
            )
        }
        // A character may be made of any number of accents.
        if name.utf8.count > maximumBytes {
            throw RegistryError(
                .invalidName,
                "\(part) has \(name.utf8.count) bytes, at most \(maximumBytes) are allowed",
                subject: part
            )
        }
        if name.unicodeScalars.allSatisfy({ $0.properties.generalCategory == .format }) {
            throw RegistryError(.invalidName, "\(part) has no visible character", subject: part)
        }
        if name.unicodeScalars.contains(where: isUnprintable) {
            throw RegistryError(.invalidName, "\(part) must not contain control characters", subject: part)
        }
        return name
    }

    /// Control characters, line separators and the bidirectional overrides that make a name read as another one.
    package static func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate: true
        default: (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
        }
    }
}
