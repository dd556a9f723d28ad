import Hummingbird
import PortModel

extension PortRequestContext {
    /// The path's port. Throws `invalid_port`.
    var port: Port {
        get throws(RegistryError) { try Port(named: parameters.get("port") ?? "") }
    }

    /// The path's allocation. Throws `invalid_request`.
    var allocationID: Int64 {
        get throws(RegistryError) {
            let text = parameters.get("id") ?? ""
            guard let id = Int64(text) else {
                throw RegistryError(.invalidRequest, "an allocation's id must be a number", subject: text)
            }
            return id
        }
    }

    /// The path's group, or an empty string.
    var groupID: String { parameters.get("id") ?? "" }

    /// The path's name, whose slashes are percent-encoded. Throws `invalid_name`.
    var serviceName: String {
        get throws(RegistryError) {
            guard let name = parameters.get("name").flatMap(PercentEncoding.decoded) else {
                throw RegistryError(.invalidName, "the name in the path is not valid UTF-8", subject: "name")
            }
            guard !name.trimmingSpaces().isEmpty else {
                throw RegistryError(.invalidName, "name must not be blank", subject: "name")
            }
            return name
        }
    }
}
