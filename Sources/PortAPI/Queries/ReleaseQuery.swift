/// How much the answer to a release says.
package struct ReleaseQuery: QueryParameters {
    /// `true` for the allocation that was ended.
    package var wide: String?

    /// Creates the query that a client sends.
    package init(wide: Bool = false) { self.wide = wide ? "true" : nil }

    /// Reads the query of a request.
    package init(_ value: (String) -> String?) { wide = value("wide") }

    package var items: [QueryItem] { [QueryItem("wide", wide)] }
}
