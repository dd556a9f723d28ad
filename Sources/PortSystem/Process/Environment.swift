import Libc

/// The environment variables of this process.
package enum Environment {
    /// Returns the value of the variable `name`; `nil` when it is unset or empty. Bytes that are not UTF-8 are spelled
    /// as ``PathText`` does it in names. getenv(3).
    package static func value(_ name: String) -> String? {
        guard let value = getenv(name) else { return nil }
        let text = PathText.name(Array(UnsafeRawBufferPointer(start: value, count: strlen(value))))
        return text.isEmpty ? nil : text
    }

    /// Whether the variable `name` is set, perhaps to nothing. getenv(3).
    package static func hasVariable(_ name: String) -> Bool { getenv(name) != nil }

    /// Returns the value as ``value(_:)`` does. Throws for one that is not UTF-8: with replaced bytes it would name
    /// something else.
    package static func text(_ name: String) throws(SystemError) -> String? {
        guard let value = getenv(name), String(validatingCString: value) == nil else { return Self.value(name) }
        throw SystemError(.notUTF8(String(cString: value)), of: name)
    }

    /// Returns the path of `name` in the first directory of PATH where it resolves to the file `path`; `nil` when there
    /// is none. `path` must not contain symbolic links.
    package static func command(_ name: String, resolvingTo path: String) -> String? {
        for directory in value("PATH")?.split(separator: ":") ?? [] where directory.hasPrefix("/") {
            guard let target = realpath("\(directory)/\(name)", nil) else { continue }
            defer { free(target) }
            if String(cString: target) == path { return "\(directory)/\(name)" }
        }
        return nil
    }
}
