import PortAPI
import PortClient
import PortErrors
import PortModel
import PortSystem

/// The failure of a command: a message of one line, and a hint at what to try next.
package struct Failure: Error {
    let message: String
    let hint: String?
    let exitCode: Int32
    /// A stable identifier (docs/cli.md); `nil` counts as `failed`.
    let code: String?
    /// The name, port, path or address that the failure is about.
    let subject: String?
    /// What the daemon answered, when it refused the request.
    let refusal: ErrorBody?

    /// Creates a failure. `exitCode` is 1 for every command except `run`.
    init(_ message: String, hint: String? = nil, exitCode: Int32 = 1, code: String? = nil, subject: String? = nil) {
        self.message = message
        self.hint = hint
        self.exitCode = exitCode
        self.code = code
        self.subject = subject
        refusal = nil
    }

    init(_ error: ClientError) {
        message = OptionName.naming(fieldIn: error.message)
        hint = error.hint(in: \.commandLineWords)
        exitCode = 1
        code = error.code
        subject = error.subject
        if case .refused(let body) = error { refusal = body } else { refusal = nil }
    }

    init(_ error: SystemError) { self.init(RegistryError(error)) }

    init(_ error: RegistryError) {
        self.init(
            error.message,
            hint: error.remedies.commandLineWords,
            code: error.code.rawValue,
            subject: error.subject
        )
    }

    /// Returns the failure with another hint, which fits the command better.
    func hinting(_ hint: String) -> Failure {
        Failure(message, hint: hint, exitCode: exitCode, code: code, subject: subject)
    }
}
