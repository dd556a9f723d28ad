package import PortModel

extension Listener {
    /// A socket of user 1000 on every IPv4 address.
    package static func test(
        _ port: Int,
        by occupiers: [Occupier],
        _ transport: TransportProtocol = .tcp
    ) -> Listener {
        Listener(
            transport,
            port: Port(port)!,
            address: "0.0.0.0",
            userID: 1000,
            inode: UInt32(port),
            occupiers: occupiers
        )
    }
}
