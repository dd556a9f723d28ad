/// What askers say of an allocation, for people and scripts. The registry decides nothing by it.
package struct AllocationDetails: Hashable, Sendable {
    package let tags: [String]
    package let metadata: [String: String]

    /// Of tags, and of metadata's keys.
    package static let maximumCount = 32
    /// Of a tag or a metadata key, in characters; a value may have eight times as many.
    package static let maximumLength = 128

    package init() {
        tags = []
        metadata = [:]
    }

    /// Trims tags. Throws `invalid_request` for more than 32 of them or an over-long or unprintable value, and
    /// `invalid_name` for a tag or key that is no name.
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
