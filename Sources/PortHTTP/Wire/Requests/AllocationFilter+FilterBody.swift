import PortAPI
import PortModel
import PortRegistry

extension AllocationFilter {
    /// An empty string filters nothing, as in the original port-server. Throws `invalid_name` or `invalid_port`.
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
