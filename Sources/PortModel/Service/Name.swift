/// The rules for a name: a part of a service identity, a tag, or a key of metadata.
package enum Name {
    /// The maximum length of a name in characters.
    package static let maximumLength = 128
    /// The maximum length of a name in UTF-8 bytes: four for each character.
    package static let maximumBytes = 4 * maximumLength

    /// Returns the name without surrounding white space. Throws `invalid_name` for one that is blank, too long or
    /// unprintable. `part` names the field in the message, such as `service`.
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
        // A character may consist of any number of combining marks.
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

    /// Whether `scalar` is a control character, a line or paragraph separator, or a bidirectional override, which can
    /// make a name read like another one.
    package static func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate: true
        default: (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
        }
    }
}
