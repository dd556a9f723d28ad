/// The path of an endpoint, such as `/v1/ports/:port/kill`. A part that begins with a colon is a parameter.
package struct EndpointPath: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The path as it was written.
    package let template: String

    package init(stringLiteral template: String) { self.template = template }

    /// The names of the parameters, in their order.
    package var parameters: [String] {
        template.split(separator: "/").filter { $0.hasPrefix(":") }.map { String($0.dropFirst()) }
    }

    /// Returns the path with `values`, in their order and percent-encoded, in place of the parameters, and with the
    /// query. A query item without a value is left out.
    package func filled(with values: [String] = [], query: [QueryItem] = []) -> String {
        var remaining = values[...]
        var path = ""
        for part in template.split(separator: "/", omittingEmptySubsequences: true) {
            let value = part.hasPrefix(":") ? remaining.popFirst() : nil
            path += "/" + (value.map(Self.percentEncoded) ?? String(part))
        }
        let items = query.compactMap { item in item.value.map { "\(item.name)=\(Self.percentEncoded($0))" } }
        return (path.isEmpty ? "/" : path) + (items.isEmpty ? "" : "?" + items.joined(separator: "&"))
    }

    package var description: String { template }

    private static func percentEncoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
