/// The body of `POST /ports/request`.
package struct ProjectRequestBody: Codable, Hashable, Sendable {
    /// `nil` counts as a blank name, which is refused.
    package var project: String?
    /// A port to try before the registry chooses.
    package var preferred: Int?
}
