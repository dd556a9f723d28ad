import PortAPI
import PortModel
import PortRegistry

extension ProjectDirectory {
    /// Throws `invalid_request` for directories that are not absolute paths of a length the system allows.
    init(_ body: ProjectDTO) throws(RegistryError) {
        for path in [body.root, body.directory] {
            // PATH_MAX is 4,096 on Linux.
            guard path.hasPrefix("/"), path.utf8.count <= 4096, !path.utf8.contains(0) else {
                throw RegistryError(
                    .invalidRequest,
                    "a project's directories must be absolute paths",
                    subject: "project"
                )
            }
        }
        self.init(root: body.root, directory: body.directory)
    }
}
