/// `POST /ports/request`, seed 004.
package struct ProjectRequestBody: Codable, Hashable, Sendable {
    /// May be missing on the wire, which then is a blank name.
    package var project: String?
    /// Tried before the registry chooses.
    package var preferred: Int?
}
