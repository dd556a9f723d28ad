import PortAPI
import PortModel

extension Port {
    /// A port in a path or a query. Throws `invalid_port`.
    init(named text: String) throws(RegistryError) {
        guard let port = Port(text) else {
            throw RegistryError.portOutOfRange(subject: text)
        }
        self = port
    }

    /// A port in a body; `nil` for 0 and `nil`, which leave the choice to the registry. Throws `invalid_port`.
    init?(optional number: Int?) throws(RegistryError) {
        guard let number, number != 0 else { return nil }
        guard let port = Port(number) else {
            throw RegistryError.portOutOfRange(subject: "\(number)")
        }
        self = port
    }

    /// The port of a lease. Throws `invalid_port`, also when it is missing.
    init(_ body: LeasePortBody) throws(RegistryError) {
        guard let port = try Port(optional: body.port) else {
            throw RegistryError.portOutOfRange(subject: "port")
        }
        self = port
    }
}
