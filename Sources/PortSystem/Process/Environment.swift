import Libc

/// The environment variables of this process.
package enum Environment {
    /// The value of the variable `name`; `nil` when it is unset or empty.
    package static func value(_ name: String) -> String? {
        guard let value = getenv(name) else { return nil }
        let text = String(cString: value)
        return text.isEmpty ? nil : text
    }

    /// The path below a directory of PATH under which the command `name` is the file `path`; `nil` when PATH finds
    /// another file or none.
    package static func command(_ name: String, leadingTo path: String) -> String? {
        for directory in value("PATH")?.split(separator: ":") ?? [] where directory.hasPrefix("/") {
            guard let target = realpath("\(directory)/\(name)", nil) else { continue }
            defer { free(target) }
            if String(cString: target) == path { return "\(directory)/\(name)" }
        }
        return nil
    }
}
