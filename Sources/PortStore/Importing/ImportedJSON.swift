/// Any JSON value.
enum ImportedJSON: Decodable {
    case object([String: ImportedJSON])
    case list([ImportedJSON])
    case text(String)
    case integer(Int64)
    /// A fraction, a number beyond 64 bits, `true`, `false` or `null`.
    case other

    init(from decoder: any Decoder) throws {
        if let container = try? decoder.container(keyedBy: Key.self) {
            self = .object(
                Dictionary(
                    try container.allKeys.map { ($0.stringValue, try container.decode(ImportedJSON.self, forKey: $0)) }
                ) { first, _ in first }
            )
        } else if var container = try? decoder.unkeyedContainer() {
            var list: [ImportedJSON] = []
            while !container.isAtEnd { list.append(try container.decode(ImportedJSON.self)) }
            self = .list(list)
        } else {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self = .text(text)
            } else if let integer = try? container.decode(Int64.self) {
                self = .integer(integer)
            } else {
                self = .other
            }
        }
    }

    var object: [String: ImportedJSON]? { if case .object(let object) = self { object } else { nil } }
    var text: String? { if case .text(let text) = self { text } else { nil } }
    var integer: Int64? { if case .integer(let integer) = self { integer } else { nil } }

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
