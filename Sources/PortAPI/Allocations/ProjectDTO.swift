/// The directories that `app` was detected from. A request that names the app itself has none.
package struct ProjectDTO: Codable, Hashable, Sendable {
    /// The absolute path of the main checkout.
    package var root: String
    /// The absolute path of the checkout.
    package var directory: String
    /// What identifies the root after it was renamed: the text of a `DirectoryIdentity`; `nil` when it is unknown.
    package var rootID: String?

    /// What distinguishes the checkout from a later one at its path: the text of a `DirectoryStamp`; `nil` when it is
    /// unknown, or in `root_id` already.
    package var directoryID: String?

    package enum CodingKeys: String, CodingKey {
        case root
        case directoryID = "folder_id"
        case rootID = "root_id"
        case directory = "folder"
    }

    package init(root: String, directory: String, rootID: String? = nil, directoryID: String? = nil) {
        self.root = root
        self.directory = directory
        self.rootID = rootID
        self.directoryID = directoryID
    }
}
