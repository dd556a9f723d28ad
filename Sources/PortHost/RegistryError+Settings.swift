package import PortModel

extension RegistryError {
    /// Returns an `invalid_request` for a setting with an unusable value. `expected` completes "SETTING must be …".
    package static func invalidSetting(_ setting: String, _ text: String, _ expected: String) -> RegistryError {
        RegistryError(.invalidRequest, "\(setting) must be \(expected), not \"\(text)\"", subject: setting)
    }
}
