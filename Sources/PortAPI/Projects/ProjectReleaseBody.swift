/// `DELETE /ports/release`: one of the two.
package struct ProjectReleaseBody: Codable, Hashable, Sendable {
    package var project: String?
    package var port: Int?
}
