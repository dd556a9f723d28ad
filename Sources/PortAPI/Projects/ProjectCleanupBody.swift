/// The answer to `POST /ports/cleanup`.
package struct ProjectCleanupBody: Codable, Hashable, Sendable {
    package var freed: [Freed]
    package var count: Int

    package init(freed: [Freed]) {
        self.freed = freed
        self.count = freed.count
    }

    package struct Freed: Codable, Hashable, Sendable {
        package var port: Int
        package var project: String

        package init(port: Int, project: String) {
            self.port = port
            self.project = project
        }
    }
}
