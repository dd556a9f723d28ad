/// An entry of another system that was not imported.
package struct SkippedEntryDTO: Codable, Hashable, Sendable {
    /// The name of the service, as far as there is one.
    package var name: String?
    package var port: Int?
    /// One line for people.
    package var reason: String

    package init(name: String?, port: Int?, reason: String) {
        self.name = name
        self.port = port
        self.reason = reason
    }
}
