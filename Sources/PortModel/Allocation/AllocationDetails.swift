/// Tags and metadata that callers attach to an allocation, for people and scripts. The registry stores and returns
/// them, and bases no decision on them.
package struct AllocationDetails: Hashable, Sendable {
    package let tags: [String]
    package let metadata: [String: JSONValue]

    /// The maximum number of tags, and of metadata entries.
    package static let maximumCount = 32
    /// The maximum length of a tag or metadata key in characters. A text in metadata may be eight times as long.
    package static let maximumLength = 128
    /// The maximum number of values in all of the metadata, lists and objects and what is in them included.
    package static let maximumValues = 256
    /// The maximum depth of the lists and objects in a value of the metadata.
    package static let maximumDepth = 8

    /// Creates details without tags and metadata.
    package init() {
        tags = []
        metadata = [:]
    }

    /// Creates details from a request and trims the tags. Throws `invalid_request` for more than ``maximumCount`` tags
    /// or entries and for a value that is too long, too deep or unprintable, and `invalid_name` for a tag or key that
    /// is not a valid name.
    package init(tags: [String], metadata: [String: JSONValue]) throws(RegistryError) {
        self.tags = try Self.checked(tags, as: "tags")
        _ = try Self.checked(Array(metadata.keys), as: "metadata")
        var count = 0
        for (key, value) in metadata { try Self.check(value, of: key, depth: 0, count: &count) }
        self.metadata = metadata
    }

    /// Throws `invalid_request` for a value that is too long, too deep or unprintable. `count` is the number of values
    /// so far.
    private static func check(
        _ value: JSONValue,
        of key: String,
        depth: Int,
        count: inout Int
    ) throws(RegistryError) {
        func refusal(_ reason: String) -> RegistryError {
            RegistryError(.invalidRequest, "metadata \"\(key)\" \(reason)", subject: "metadata")
        }
        func checkText(_ text: String) throws(RegistryError) {
            guard text.count <= 8 * maximumLength, !text.unicodeScalars.contains(where: Name.isUnprintable) else {
                throw refusal("is longer than \(8 * maximumLength) characters, or unprintable")
            }
        }
        count += 1
        guard count <= maximumValues else {
            throw RegistryError(
                .invalidRequest,
                "metadata has more than \(maximumValues) values",
                subject: "metadata"
            )
        }
        guard depth <= maximumDepth else { throw refusal("is nested deeper than \(maximumDepth) levels") }
        switch value {
        case .null, .bool, .integer: break
        case .number(let number):
            guard number.isFinite else { throw refusal("is not a finite number") }
        case .text(let text): try checkText(text)
        case .list(let list): for item in list { try check(item, of: key, depth: depth + 1, count: &count) }
        case .object(let object):
            for (name, item) in object {
                try checkText(name)
                try check(item, of: key, depth: depth + 1, count: &count)
            }
        }
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
