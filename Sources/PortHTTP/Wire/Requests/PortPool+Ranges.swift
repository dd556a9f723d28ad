import PortModel
import PortRegistry

extension PortPool {
    /// Ranges such as `4000-4999`; `nil` for `nil`. Throws `invalid_request`.
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
