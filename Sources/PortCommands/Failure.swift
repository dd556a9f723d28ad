internal import PortClient
internal import PortModel

/// A command that did not do what was asked: one line and the next thing to try.
package struct Failure: Error {
    let message: String
    let hint: String?

    init(_ message: String, hint: String? = nil) {
        self.message = message
        self.hint = hint
    }

    init(_ error: ClientError) { self.init(error.message, hint: error.hint) }

    init(_ error: RegistryError) { self.init(error.message, hint: error.hint) }
}

/// The result says it all: exit code 1 without a message.
struct AlreadyTold: Error {}
