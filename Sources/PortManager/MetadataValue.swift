import PortModel

/// A value of metadata: anything that JSON can express. Literals convert by themselves:
/// `["team": "shop", "workers": 4, "debug": true, "urls": ["/a", "/b"]]`.
public enum MetadataValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    /// A number that is no 64-bit integer. It must be finite.
    case number(Double)
    case text(String)
    case list([MetadataValue])
    case object([String: MetadataValue])

    /// The text; `nil` for a value of another kind.
    public var text: String? { if case .text(let text) = self { text } else { nil } }

    init(_ value: JSONValue) {
        self =
            switch value {
            case .null: .null
            case .bool(let bool): .bool(bool)
            case .integer(let integer): .integer(integer)
            case .number(let number): .number(number)
            case .text(let text): .text(text)
            case .list(let list): .list(list.map(MetadataValue.init))
            case .object(let object): .object(object.mapValues(MetadataValue.init))
            }
    }

    var json: JSONValue {
        switch self {
        case .null: .null
        case .bool(let bool): .bool(bool)
        case .integer(let integer): .integer(integer)
        case .number(let number): .number(number)
        case .text(let text): .text(text)
        case .list(let list): .list(list.map(\.json))
        case .object(let object): .object(object.mapValues(\.json))
        }
    }
}

extension MetadataValue: ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// Creates a text.
    public init(stringLiteral value: String) { self = .text(value) }

    /// Creates an integer.
    public init(integerLiteral value: Int64) { self = .integer(value) }

    /// Creates a number.
    public init(floatLiteral value: Double) { self = .number(value) }

    /// Creates `true` or `false`.
    public init(booleanLiteral value: Bool) { self = .bool(value) }

    /// Creates a list.
    public init(arrayLiteral elements: MetadataValue...) { self = .list(elements) }

    /// Creates an object. The last value of a repeated key wins.
    public init(dictionaryLiteral elements: (String, MetadataValue)...) {
        self = .object(Dictionary(elements) { _, last in last })
    }
}
