import PortAPI
import PortModel
import PortRegistry

extension ForgottenBody {
    init(_ forgotten: ForgottenService) {
        self.init(
            app: forgotten.identity.app,
            instance: forgotten.identity.instance,
            service: forgotten.identity.service,
            port: Int(forgotten.port.number),
            released: forgotten.wasAllocated
        )
    }
}
