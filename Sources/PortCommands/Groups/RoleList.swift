import ArgumentParser
import PortAPI
import PortModel

/// Parses the value of `--roles`.
enum RoleList {
    /// The names between the commas. Blank ones are kept: the daemon refuses them.
    static func names(_ text: String) -> [String] {
        text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
}
