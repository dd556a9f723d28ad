import PortModel

#if canImport(FoundationEssentials)
    public import protocol FoundationEssentials.LocalizedError
#else
    public import protocol Foundation.LocalizedError
#endif

/// A refusal or failure of the registry.
public struct PortManagerError: LocalizedError, Sendable, CustomStringConvertible {
    /// A stable code, such as `port_allocated`, `port_in_use`, `pool_full` or `protected_process`. The codes are those
    /// of the HTTP API.
    public let code: String
    /// An explanation for people, in one line.
    public let message: String
    /// The port, name or id that the error concerns.
    public let subject: String?
    /// A suggestion for people, in plain words.
    public let hint: String?

    init(_ error: RegistryError) {
        code = error.code.rawValue
        message =
            switch (error.code, error.holder, error.subject) {
            case (.portAllocated, let holder?, _):
                "\(error.message): \(holder.identity.machineWideName) has port \(holder.port)"
            case (.portInUse, nil, let subject?), (.allocationNotFound, _, let subject?),
                (.groupNotFound, _, let subject?):
                "\(error.message): \(subject)"
            default: error.message
            }
        subject = error.subject
        hint = error.hint
    }

    /// The same text as ``description``.
    public var errorDescription: String? { description }

    /// The message, followed by the hint in parentheses.
    public var description: String { hint.map { "\(message) (\($0))" } ?? message }
}
