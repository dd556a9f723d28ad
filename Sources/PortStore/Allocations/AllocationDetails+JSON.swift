import PortModel

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension AllocationDetails {
    /// Most allocations have neither tags nor metadata, and coding them costs more than comparing with this.
    private static let emptyJSON = (tags: "[]", metadata: "{}")

    /// Decodes the columns `tags` and `metadata`.
    init(tagsJSON: String, metadataJSON: String) throws {
        if tagsJSON == Self.emptyJSON.tags && metadataJSON == Self.emptyJSON.metadata {
            self.init()
            return
        }
        let decoder = JSONDecoder()
        try self.init(
            tags: decoder.decode([String].self, from: Data(tagsJSON.utf8)),
            metadata: decoder.decode([String: JSONValue].self, from: Data(metadataJSON.utf8))
        )
    }

    /// The values of the columns `tags` and `metadata`.
    var json: (tags: String, metadata: String) {
        get throws {
            if tags.isEmpty && metadata.isEmpty { return Self.emptyJSON }
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            return (
                String(decoding: try encoder.encode(tags), as: UTF8.self),
                String(decoding: try encoder.encode(metadata), as: UTF8.self)
            )
        }
    }
}
