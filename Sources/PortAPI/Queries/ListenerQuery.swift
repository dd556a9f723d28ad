/// Which listeners are listed.
package struct ListenerQuery: QueryParameters {
    /// A port's number; all ports without it.
    package var port: String?
    /// `tcp` for the sockets that listen, as without it, or `udp` for the UDP sockets that are bound.
    package var transport: String?

    /// Creates the query that a client sends.
    package init(port: Int? = nil, transport: String? = nil) {
        self.port = port.map(String.init)
        self.transport = transport
    }

    /// Reads the query of a request.
    package init(_ value: (String) -> String?) {
        port = value("port")
        transport = value("protocol")
    }

    package var items: [QueryItem] { [QueryItem("port", port), QueryItem("protocol", transport)] }
}
