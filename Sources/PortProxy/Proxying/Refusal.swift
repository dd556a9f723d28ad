/// Why a request touches no service.
package enum Refusal: Error, Hashable, Sendable {
    /// The request is malformed, or one that a proxy does not pass on: 400.
    case malformed(Malformed)
    /// The head is too long: 431.
    case tooLong
    /// No service has that name: 421. Nothing says which names there are.
    case unknownHost
    /// A page that is none of a service asks: 403.
    case foreignPage(origin: String)
    /// The request has come from this very service, through its own proxy: 508.
    case loop(Route)

    /// The status of the answer.
    package var status: Int {
        switch self {
        case .malformed: 400
        case .tooLong: 431
        case .unknownHost: 421
        case .foreignPage: 403
        case .loop: 508
        }
    }
}
