import PortModel

extension Face {
    /// The face of that name; ``registry`` for `nil`. Throws `invalid_request`.
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
