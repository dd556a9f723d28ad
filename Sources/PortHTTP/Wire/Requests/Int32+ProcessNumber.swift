import PortModel

extension Int32 {
    /// A process id; `nil` for `nil`. Throws `invalid_request`.
    init?(processNumber number: Int?) throws(RegistryError) {
        guard let number else { return nil }
        guard let pid = Int32(exactly: number), pid > 0 else {
            throw RegistryError(.invalidRequest, "pid must be a process id", subject: "\(number)")
        }
        self = pid
    }
}
