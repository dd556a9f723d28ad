package import Configuration
import PortModel

extension ConfigReader {
    /// A single value as text, whatever its type in the file; `nil` when it is missing or empty.
    package func text(_ key: String) -> String? {
        let key = ConfigKey(key)
        let text = string(forKey: key) ?? int(forKey: key).map(String.init) ?? bool(forKey: key).map(String.init)
        return text.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The elements of a list, or of a single value separated by commas.
    package func list(_ key: String) -> [String] {
        let texts = stringArray(forKey: ConfigKey(key)) ?? text(key).map { [$0] } ?? []
        return texts.flatMap { $0.split(separator: ",") }.map { $0.trimmingSpaces() }
    }
}
