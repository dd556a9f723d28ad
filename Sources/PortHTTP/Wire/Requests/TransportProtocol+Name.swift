import PortModel

extension TransportProtocol {
    /// The protocol of that name; ``tcp`` for `nil` and an empty text. Throws `invalid_request`.
    init(named name: String?) throws(RegistryError) {
        guard let name, !name.isEmpty else {
            self = .tcp
            return
        }
        guard let named = TransportProtocol(rawValue: name.lowercased()) else {
            throw RegistryError(.invalidRequest, "protocol must be tcp or udp, not \"\(name)\"", subject: "protocol")
        }
        self = named
    }
}
