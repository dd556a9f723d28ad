import PortAPI
import PortModel

extension ServiceIdentity {
    /// Throws `invalid_name`.
    init(_ body: ForgetBody) throws(RegistryError) {
        try self.init(app: body.app ?? "", instance: body.instance ?? "", service: body.service ?? "")
    }
}
