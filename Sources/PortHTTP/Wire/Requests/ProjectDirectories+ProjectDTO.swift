import PortAPI
import PortModel
import PortRegistry

extension Project.Directories {
    /// Throws `invalid_request` for directories that are not absolute paths of a length the system allows, and for a
    /// malformed id of the root.
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
        let identity = body.rootID.flatMap { $0.utf8.count <= 8192 ? DirectoryIdentity($0) : nil }
        guard identity != nil || body.rootID ?? "" == "" else {
            throw RegistryError(
                .invalidRequest,
                "a root's id must be INODE:BIRTH:DEVICE:BOOT:MOUNT",
                subject: "root_id"
            )
        }
        let stamp = body.directoryID.flatMap { DirectoryStamp($0) }
        guard stamp != nil || body.directoryID ?? "" == "" else {
            throw RegistryError(.invalidRequest, "a directory's id must be INODE.BIRTH.DEVICE", subject: "folder_id")
        }
        self.init(root: body.root, directory: body.directory, rootIdentity: identity, stamp: stamp)
    }
}
