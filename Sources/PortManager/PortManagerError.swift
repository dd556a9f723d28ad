import PortModel

#if canImport(FoundationEssentials)
    public import protocol FoundationEssentials.LocalizedError
#else
    public import protocol Foundation.LocalizedError
#endif

/// Why the registry refused.
public struct PortManagerError: LocalizedError, Sendable, CustomStringConvertible {
    /// Stable, such as `port_allocated`, `port_in_use`, `pool_full` or `protected_process`: the codes of the HTTP API.
    public let code: String
    /// For people, in one line.
    public let message: String
    /// The port, name or id that it is about.
    public let subject: String?
    /// What to try next, in the words of the command line.
    public let hint: String?

    init(_ error: RegistryError) {
        code = error.code.rawValue
        message =
            switch (error.code, error.holder, error.subject) {
            case (.portAllocated, let holder?, _): "\(error.message): \(holder.identity) has port \(holder.port)"
            case (.portInUse, nil, let subject?), (.allocationNotFound, _, let subject?),
                (.groupNotFound, _, let subject?):
                "\(error.message): \(subject)"
            default: error.message
            }
        subject = error.subject
        hint = error.hint
    }

    /// As ``description``.
    public var errorDescription: String? { description }

    /// The message, and in parentheses what to try next.
    public var description: String { hint.map { "\(message) (\($0))" } ?? message }
}
