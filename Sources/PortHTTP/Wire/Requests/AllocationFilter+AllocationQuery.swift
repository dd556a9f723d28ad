import PortAPI
import PortModel
import PortRegistry

extension AllocationFilter {
    /// Takes `app`, `instance`, `service` and `port`. Throws `invalid_name` or `invalid_port`.
    init(_ query: AllocationQuery) throws(RegistryError) {
        let port = query.port ?? ""
        guard port.isEmpty || Int(port) != nil else {
            throw RegistryError.portOutOfRange(subject: port)
        }
        try self.init(
            FilterBody(app: query.app, instance: query.instance, service: query.service, port: Int(port))
        )
    }
}
