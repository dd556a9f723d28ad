import PortModel

extension ServiceIdentity {
    /// Returns the identity with another app name. Throws `invalid_name`.
    func renamed(app: String) throws(RegistryError) -> ServiceIdentity {
        app == self.app ? self : try ServiceIdentity(app: app, instance: instance, service: service)
    }
}
