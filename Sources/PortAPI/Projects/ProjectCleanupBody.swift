/// The response to `POST /ports/cleanup`.
package struct ProjectCleanupBody: Codable, Hashable, Sendable {
    package var freed: [Freed]
    package var count: Int

    /// Creates the response for `freed`, and counts them.
    package init(freed: [Freed]) {
        self.freed = freed
        self.count = freed.count
    }

    /// A port that was released.
    package struct Freed: Codable, Hashable, Sendable {
        package var port: Int
        package var project: String

        package init(port: Int, project: String) {
            self.port = port
            self.project = project
        }
    }
}
