/// The body of `DELETE /ports/release`. Either field is required; `port` takes precedence.
package struct ProjectReleaseBody: Codable, Hashable, Sendable {
    package var project: String?
    package var port: Int?
}
