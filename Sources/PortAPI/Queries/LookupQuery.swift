/// Which service `/lookup` finds.
package struct LookupQuery: QueryParameters {
    /// The name of the service.
    package var service: String?

    package init(service: String) { self.service = service }

    /// Reads the query of a request.
    package init(_ value: (String) -> String?) { service = value("service") }

    package var items: [QueryItem] { [QueryItem("service", service)] }
}
