import PortModel

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

    /// Returns those of the sockets that connections to this address reach: the kernel prefers one of that very address
    /// to one of all addresses, and one of IPv4 to one of both families.
    func reached(among listening: Set<Socket>) -> Set<Socket> {
        switch self {
        case .localhost:
            return Self.reached(.loopbackV4, among: listening).union(Self.reached(.loopbackV6, among: listening))
        case .numeric(let address):
            return Self.reached(address, among: listening)
        }
    }

    /// Where a socket listens.
    struct Socket: Hashable {
        var address: String
        /// See ``Listener/isIPv6Only``.
        var isIPv6Only: Bool

        init(_ listener: Listener) {
            address = listener.address
            isIPv6Only = listener.isIPv6Only
        }
    }

    private static func reached(_ address: NumericAddress, among listening: Set<Socket>) -> Set<Socket> {
        let preferred: [NumericAddress]
        var isV4 = false
        switch address {
        case .allV4, .v4:
            preferred = [address == .allV4 ? .loopbackV4 : address, .allV4, .allV6]
            isV4 = true
        case .allV6: preferred = [.loopbackV6, .allV6]
        case .v6: preferred = [address, .allV6]
        }
        let found = preferred.lazy.map { wanted in
            listening.filter { NumericAddress($0.address) == wanted && !(isV4 && $0.isIPv6Only) }
        }
        return found.first { !$0.isEmpty } ?? []
    }
}
