internal import PortAPI
internal import PortModel
internal import PortRegistry

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

extension AllocationBody {
    init(_ allocation: Allocation) {
        self.init(
            id: allocation.id,
            app: allocation.identity.app,
            instance: allocation.identity.instance,
            service: allocation.identity.service,
            port: Int(allocation.port.number),
            createdAt: allocation.createdAt.formatted(.iso8601)
        )
        replica = allocation.replica == 0 ? nil : allocation.replica
    }

    /// With what `wide` adds.
    init(_ allocation: Allocation, state: AllocationState) {
        self.init(allocation)
        folder = allocation.folder
        holds = allocation.holds.map { HoldBody(kind: $0.kind.rawValue, face: $0.face.rawValue) }
        self.state = state.rawValue
    }
}

extension ProjectFolder {
    /// Throws `invalid_request` for folders that are not absolute paths of a length the system allows.
    init(_ body: ProjectBody) throws(RegistryError) {
        for path in [body.root, body.folder] {
            // PATH_MAX is 4,096 on Linux.
            guard path.hasPrefix("/"), path.utf8.count <= 4096, !path.utf8.contains(0) else {
                throw RegistryError(.invalidRequest, "a project's folders must be absolute paths", subject: "project")
            }
        }
        self.init(root: body.root, folder: body.folder)
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

extension Port {
    /// A port from the wire, where 0 and nothing leave it open. Throws `invalid_port`.
    init?(optional number: Int?) throws(RegistryError) {
        guard let number, number != 0 else { return nil }
        guard let port = Port(number) else {
            throw RegistryError(.invalidPort, "port must be between 1 and 65535", subject: "\(number)")
        }
        self = port
    }
}
