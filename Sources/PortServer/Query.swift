internal import Hummingbird
internal import PortAPI
internal import PortModel
internal import PortRegistry

/// A request's query, in which `+` is a space, as form encoders of several languages write it.
struct Query {
    private var values: [String: String] = [:]

    /// Throws `invalid_request` for what is no UTF-8 text. A name given twice has its first value.
    init(_ request: Request) throws(RegistryError) {
        for pair in (request.uri.query ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                .map { PercentEncoding.decoded($0.replacing("+", with: " ")) }
            guard let name = parts[0], let value = parts.count == 2 ? parts[1] : "" else {
                throw RegistryError(.invalidRequest, "the query is no UTF-8 text", subject: String(pair))
            }
            if values[name] == nil { values[name] = value }
        }
    }

    subscript(_ name: String) -> String? { values[name] }

    /// The folder `root`, when an app's name was detected there. Throws `invalid_request`.
    var project: ProjectFolder? {
        get throws {
            guard let root = self["root"], !root.isEmpty else { return nil }
            return try ProjectFolder(ProjectBody(root: root, folder: root))
        }
    }

    /// Where a name was spoken; `nil` when app or instance is left out.
    var scope: NameScope? {
        get throws {
            guard let app = self["app"], let instance = self["instance"], !app.isEmpty, !instance.isEmpty else {
                return nil
            }
            return NameScope(app: app, instance: instance, project: try project, isExact: self["exact"] == "true")
        }
    }
}

/// Percent-encoding of paths and queries, RFC 3986. FoundationEssentials has none, and Hummingbird's is not public.
enum PercentEncoding {
    /// `nil` for what is not UTF-8 once decoded. A `%` without two digits stands for itself.
    static func decoded(_ text: some StringProtocol) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let high = rest.first?.hexValue, let low = rest.dropFirst().first?.hexValue {
                bytes.append(high << 4 | low)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

extension UInt8 {
    fileprivate var hexValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
