import PortClient
import PortModel

/// A command that did not do what was asked: one line and the next thing to try.
package struct Failure: Error {
    let message: String
    let hint: String?
    let exitCode: Int32
    /// The refusal's stable code; `nil` for what the daemon was not asked.
    let code: String?

    /// `exitCode` is 1 for every command but `run`.
    init(_ message: String, hint: String? = nil, exitCode: Int32 = 1, code: String? = nil) {
        self.message = message
        self.hint = hint
        self.exitCode = exitCode
        self.code = code
    }

    init(_ error: ClientError) {
        self.init(error.message, hint: error.hint, code: error.code)
    }

    init(_ error: RegistryError) { self.init(error.message, hint: error.hint, code: error.code.rawValue) }
}
