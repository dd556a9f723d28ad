/// How much of the journal is listed.
package struct JournalQuery: QueryParameters {
    /// The number of the newest entries.
    package var limit: String?

    /// Creates the query that a client sends.
    package init(limit: Int? = nil) { self.limit = limit.map(String.init) }

    /// Reads the query of a request.
    package init(_ value: (String) -> String?) { limit = value("limit") }

    package var items: [QueryItem] { [QueryItem("limit", limit)] }
}
