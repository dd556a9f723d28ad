import ArgumentParser
import PortAPI
import PortModel

/// Roles on the command line.
enum RoleList {
    static func names(_ text: String) -> [String] {
        text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
}
