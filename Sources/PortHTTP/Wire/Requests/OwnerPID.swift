import HTTPTypes
import PortModel
import PortRegistry

/// The header of get-port's requests that names the process that will own the port.
enum OwnerPID {
    static let header = HTTPField.Name("X-PID")!

    /// Returns the number in a header's value; `nil` for a text that is not a number, such as a literal `$$`. A number
    /// that no process can have is returned too, and refused later. Throws `invalid_owner` for one outside of `Int`.
    static func number(in text: String) throws(RegistryError) -> Int? {
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        guard let pid = Int(text) else { throw .cannotOwn(text) }
        return pid
    }
}
