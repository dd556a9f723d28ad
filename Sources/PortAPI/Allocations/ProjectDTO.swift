/// The directories that `app` was detected from. A request that names the app itself has none.
package struct ProjectDTO: Codable, Hashable, Sendable {
    /// The absolute path of the main checkout.
    package var root: String
    /// The absolute path of the checkout.
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
