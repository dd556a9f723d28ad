/// A protocol that numbers its ports: each has its own sockets, but an allocation is one number for both.
package enum TransportProtocol: String, Sendable, CaseIterable {
    case tcp
    case udp
}
