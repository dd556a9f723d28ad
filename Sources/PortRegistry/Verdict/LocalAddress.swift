/// An address through which a service is reached on this machine.
package enum LocalAddress: Hashable, Sendable {
    /// 127.0.0.1 or ::1, as programs try them.
    case localhost
    /// A numeric address. Clients of `0.0.0.0` and `::` reach 127.0.0.1 and ::1.
    case numeric(NumericAddress)

    /// Parses `localhost`, a name below it, or a numeric address with or without brackets; `nil` for any other text.
    /// The empty text is `localhost`.
    package init?(_ host: String) {
        let name = host.lowercased()
        if name == "localhost" || name.hasSuffix(".localhost") || name.isEmpty {
            self = .localhost
        } else if let address = NumericAddress(name) {
            self = .numeric(address)
        } else {
            return nil
        }
    }

    /// Returns those of the addresses `listening` that connections to this one reach: the kernel prefers a socket of
    /// that very address to one of all addresses, and one of IPv4 to one of both families.
    func reached(among listening: Set<String>) -> Set<String> {
        switch self {
        case .localhost:
            return Self.reached(.loopbackV4, among: listening).union(Self.reached(.loopbackV6, among: listening))
        case .numeric(let address):
            return Self.reached(address, among: listening)
        }
    }

    private static func reached(_ address: NumericAddress, among listening: Set<String>) -> Set<String> {
        let preferred: [NumericAddress] =
            switch address {
            case .allV4: [.loopbackV4, .allV4, .allV6]
            case .allV6: [.loopbackV6, .allV6]
            case .v4: [address, .allV4, .allV6]
            case .v6: [address, .allV6]
            }
        let found = preferred.lazy.map { wanted in listening.filter { NumericAddress($0) == wanted } }
        return found.first { !$0.isEmpty } ?? []
    }
}
