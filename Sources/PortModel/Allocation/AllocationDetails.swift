/// Tags and metadata that callers attach to an allocation, for people and scripts. The registry stores and returns
/// them, and bases no decision on them.
package struct AllocationDetails: Hashable, Sendable {
    package let tags: [String]
    package let metadata: [String: String]

    /// The maximum number of tags, and of metadata entries.
    package static let maximumCount = 32
    /// The maximum length of a tag or metadata key in characters. A metadata value may be eight times as long.
    package static let maximumLength = 128

    /// Creates details without tags and metadata.
    package init() {
        tags = []
        metadata = [:]
    }

    /// Creates details from a request and trims the tags. Throws `invalid_request` for more than ``maximumCount`` tags
    /// or entries and for a value that is too long or unprintable, and `invalid_name` for a tag or key that is not a
    /// valid name.
    package init(tags: [String], metadata: [String: String]) throws(RegistryError) {
        self.tags = try Self.checked(tags, as: "tags")
        _ = try Self.checked(Array(metadata.keys), as: "metadata")
        for (key, value) in metadata
        where value.count > 8 * Self.maximumLength || value.unicodeScalars.contains(where: Name.isUnprintable) {
            throw RegistryError(
                .invalidRequest,
                "metadata \"\(key)\" is longer than \(8 * Self.maximumLength) characters, or unprintable",
                subject: "metadata"
            )
        }
        self.metadata = metadata
    }

    private static func checked(_ texts: [String], as part: String) throws(RegistryError) -> [String] {
        guard texts.count <= maximumCount else {
            throw RegistryError(
                .invalidRequest,
                "\(part) has \(texts.count) entries, at most \(maximumCount) are allowed",
                subject: part
            )
        }
        var checked: [String] = []
        for text in texts { checked.append(try Name.validated(text, as: part)) }
        return checked
    }
}
