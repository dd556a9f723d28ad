/// Which listeners are listed.
package struct ListenerQuery: QueryParameters {
    /// A port's number; all ports without it.
    package var port: String?

    /// Creates the query that a client sends.
    package init(port: Int? = nil) { self.port = port.map(String.init) }

    /// Reads the query of a request.
    package init(_ value: (String) -> String?) { port = value("port") }

    package var items: [QueryItem] { [QueryItem("port", port)] }
}
