/// The directories that `app` was detected from; left out when it was spelled out.
package struct ProjectDTO: Codable, Hashable, Sendable {
    /// The main checkout's directory.
    package var root: String
    /// The checkout's directory.
    package var directory: String

    package enum CodingKeys: String, CodingKey {
        case root
        case directory = "folder"
    }

    package init(root: String, directory: String) {
        self.root = root
        self.directory = directory
    }
}
