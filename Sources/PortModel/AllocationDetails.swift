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

    /// Throws `invalid_request` for more than 32 tags or keys, and for text that is blank, over-long or unprintable.
    package init(tags: [String], metadata: [String: String]) throws(RegistryError) {
        try Self.check(tags, as: "tags")
        try Self.check(Array(metadata.keys), as: "metadata")
        for (key, value) in metadata
        where value.count > 8 * Self.maximumLength || value.unicodeScalars.contains(where: Name.isUnprintable) {
            throw RegistryError(
                .invalidRequest,
                "metadata \"\(key)\" is longer than \(8 * Self.maximumLength) characters, or unprintable",
                subject: "metadata"
            )
        }
        self.tags = tags
        self.metadata = metadata
    }

    private static func check(_ texts: [String], as part: String) throws(RegistryError) {
        guard texts.count <= maximumCount else {
            throw RegistryError(
                .invalidRequest,
                "\(part) has \(texts.count) entries, at most \(maximumCount) are allowed",
                subject: part
            )
        }
        for text in texts { _ = try Name.validated(text, as: part) }
    }
}
