/// A JSON object whose keys are ignored.
package struct EmptyBody: Codable, Hashable, Sendable {
    package init() {}
}
