import Hummingbird
import PortModel

/// The query of a request. `+` stands for a space, as the form encoders of several languages write it.
struct Query {
    private var values: [String: String] = [:]

    /// Creates an empty query.
    init() {}

    /// Uses the first value of a name that occurs more than once. Throws `invalid_request` for text that is not UTF-8.
    init(_ request: Request) throws(RegistryError) {
        for pair in (request.uri.query ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                .map { PercentEncoding.decoded($0.replacing("+", with: " ")) }
            guard let name = parts[0], let value = parts.count == 2 ? parts[1] : "" else {
                throw RegistryError(.invalidRequest, "the query is not valid UTF-8", subject: String(pair))
            }
            if values[name] == nil { values[name] = value }
        }
    }

    subscript(_ name: String) -> String? { values[name] }
}
