/// The query of an endpoint, as both sides know it.
package protocol QueryParameters: Sendable {
    /// Reads the values by their names. Values are checked where they are used, so that a refusal has the text.
    init(_ value: (String) -> String?)

    /// The values by their names; those without a value are not sent.
    var items: [QueryItem] { get }
}

/// A name of a query with its value; `nil` when it is not given.
package struct QueryItem: Hashable, Sendable {
    package let name: String
    package let value: String?

    package init(_ name: String, _ value: String?) {
        self.name = name
        self.value = value
    }
}
