import PortAPI
import PortModel
import PortRegistry

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Face {
    /// A face named on the wire; nothing is the registry's own. Throws `invalid_request`.
    init(named name: String?) throws(RegistryError) {
        guard let face = Face(rawValue: name ?? Face.registry.rawValue) else {
            throw RegistryError(
                .invalidRequest,
                "face must be one of \(Face.allCases.map(\.rawValue).joined(separator: ", "))",
                subject: name
            )
        }
        self = face
    }
}

extension ProjectDirectory {
    /// Throws `invalid_request` for directories that are not absolute paths of a length the system allows.
    init(_ body: ProjectDTO) throws(RegistryError) {
        for path in [body.root, body.directory] {
            // PATH_MAX is 4,096 on Linux.
            guard path.hasPrefix("/"), path.utf8.count <= 4096, !path.utf8.contains(0) else {
                throw RegistryError(.invalidRequest, "a project's directories must be absolute paths", subject: "project")
            }
        }
        self.init(root: body.root, directory: body.directory)
    }
}

extension AllocationFilter {
    /// An empty text is no filter, as in seed 002; anything else must be a name or port.
    init(_ body: FilterBody) throws(RegistryError) {
        self.init(
            app: try Self.name(body.app, "app"),
            instance: try Self.name(body.instance, "instance"),
            service: try Self.name(body.service, "service"),
            port: try Port(optional: body.port)
        )
    }

    private static func name(_ text: String?, _ part: String) throws(RegistryError) -> String? {
        guard let text, !text.isEmpty else { return nil }
        return try Name.validated(text, as: part)
    }
}

extension PortPool {
    /// Ranges on the wire, such as `4000-4999`; `nil` for nothing. Throws `invalid_request`.
    init?(named text: String?) throws(RegistryError) {
        guard let text else { return nil }
        guard let pool = PortPool(text) else {
            throw RegistryError(
                .invalidRequest,
                "range must be two ports such as 4000-4999, the lower one first",
                subject: text
            )
        }
        self = pool
    }
}

extension Int32 {
    /// A pid on the wire; `nil` for nothing. Throws `invalid_request`.
    init?(processNumber number: Int?) throws(RegistryError) {
        guard let number else { return nil }
        guard let pid = Int32(exactly: number), pid > 0 else {
            throw RegistryError(.invalidRequest, "pid must be a process's number", subject: "\(number)")
        }
        self = pid
    }
}

extension Port {
    /// A port in a path or a query. Throws `invalid_port`.
    init(named text: String) throws(RegistryError) {
        guard let port = Port(text) else {
            throw RegistryError(.invalidPort, "port must be between 1 and 65535", subject: text)
        }
        self = port
    }

    /// A port from the wire, where 0 and nothing leave it open. Throws `invalid_port`.
    init?(optional number: Int?) throws(RegistryError) {
        guard let number, number != 0 else { return nil }
        guard let port = Port(number) else {
            throw RegistryError(.invalidPort, "port must be between 1 and 65535", subject: "\(number)")
        }
        self = port
    }
}
