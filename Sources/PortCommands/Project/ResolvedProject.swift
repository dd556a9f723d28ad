import ArgumentParser
import PortAPI
import PortModel
import PortSystem

/// The app and instance that a command applies to.
struct ResolvedProject {
    var app: String
    var instance: String
    /// The detected directories; `nil` when the app was given by name.
    var directories: ProjectDTO?
    /// Whether app or instance were given, and not both detected.
    var isSpelledOut = true

    /// The query items that name the project in which the daemon looks a service up first.
    var scope: String {
        let exact = isSpelledOut ? "true" : nil
        return Paths.query([("app", app), ("instance", instance)] + (directories?.query ?? []) + [("exact", exact)])
    }

    /// Prints a note when the registry knows this directory by another app name: because another directory has the
    /// detected one, or because the directory was renamed.
    func explain(_ registeredApp: String) {
        guard let directories, registeredApp != app else { return }
        let root = directories.root.oneLine
        // The registry puts names of parent directories before the name, or a number behind it.
        let hasAddition = registeredApp.hasSuffix("-\(app)") || "-\(registeredApp)".contains("-\(app)-")
        Output.note(
            hasAddition
                ? "another directory is already called \"\(app)\": \(root) is \"\(registeredApp)\""
                : "\(root) was renamed: it keeps the name \"\(registeredApp)\", and its ports"
        )
    }
}
