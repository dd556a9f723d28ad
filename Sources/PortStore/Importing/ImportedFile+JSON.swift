package import PortModel
import PortRegistry

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension ImportedFile {
    /// Reads a registry of PortManager or port-manager (npm): a list of entries, or an object with one, in which an
    /// entry's port may be its key. Throws `invalid_request`.
    package init(json bytes: [UInt8], subject: String) throws(RegistryError) {
        // Some editors begin a file with a byte order mark.
        let text = bytes.dropFirst(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)
        let value: JSONValue
        do {
            value = try JSONDecoder().decode(JSONValue.self, from: Data(text))
        } catch {
            throw Self.unknown(subject, "is neither a SQLite database nor valid JSON")
        }
        guard let entries = Self.entries(of: value) else {
            throw Self.unknown(subject, "has no list of entries with a port")
        }
        guard entries.count <= Self.maximumRows else { throw Self.tooManyRows(subject) }
        source = "port-manager"
        face = .manager
        rows = entries.map { Self.row(of: $0.entry, key: $0.key) }
    }

    /// The entries, each with the key that it has in an object; `nil` when the value is something else.
    private static func entries(of value: JSONValue) -> [(key: String?, entry: [String: JSONValue])]? {
        switch value {
        case .list(let list):
            let objects = list.compactMap(\.object)
            // Entries without a port are reported one by one, but not a list of something else.
            guard objects.count == list.count, list.isEmpty || objects.contains(where: { $0["port"] != nil }) else {
                return nil
            }
            return objects.map { (nil, $0) }
        case .object(let object):
            for name in ["allocations", "ports", "entries"] {
                if let inner = object[name], let found = entries(of: inner) { return found }
            }
            let objects = object.sorted { $0.key < $1.key }.compactMap { key, value in
                value.object.map { (key: String?.some(key), entry: $0) }
            }
            let arePorts = objects.allSatisfy { $0.entry["port"] != nil || Int64($0.key ?? "") != nil }
            return objects.count == object.count && arePorts ? objects : nil
        default: return nil
        }
    }

    private static func row(of entry: [String: JSONValue], key: String?) -> ImportRow {
        let metadata = entry["metadata"]?.object ?? entry
        let app = metadata["app"]?.text
        let role = metadata["role"]?.text ?? metadata["label"]?.text
        let worktree = metadata["worktree"]?.text
        let parts = [app, worktree, role].compactMap(\.self)
        return ImportRow(
            name: parts.isEmpty ? nil : parts.joined(separator: "/"),
            port: entry["port"].map(\.integer) ?? key.flatMap { Int64($0) },
            pid: entry["pid"]?.integer,
            seenAt: entry["allocatedAt"].flatMap(time),
            identity: { () throws(RegistryError) in try ServiceIdentity(app: app, worktree: worktree, role: role) }
        )
    }

    private static func time(_ value: JSONValue) -> Int64? {
        if let number = value.integer { return milliseconds(number) }
        guard let text = value.text else { return nil }
        let styles = [Date.ISO8601FormatStyle(includingFractionalSeconds: true), Date.ISO8601FormatStyle()]
        return styles.lazy.compactMap { try? $0.parse(text) }.first
            .map { Int64(($0.timeIntervalSince1970 * 1000).rounded()) }
    }
}

extension JSONValue {
    fileprivate var object: [String: JSONValue]? { if case .object(let object) = self { object } else { nil } }
    fileprivate var text: String? { if case .text(let text) = self { text } else { nil } }
    fileprivate var integer: Int64? { if case .integer(let integer) = self { integer } else { nil } }
}
