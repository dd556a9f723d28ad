import PortClient
import PortModel

/// The failure of a command: a message of one line, and a hint at what to try next.
package struct Failure: Error {
    let message: String
    let hint: String?
    let exitCode: Int32
    /// The stable code of a client or registry error; `nil` for a failure of the command line itself.
    let code: String?

    /// Creates a failure. `exitCode` is 1 for every command except `run`.
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
