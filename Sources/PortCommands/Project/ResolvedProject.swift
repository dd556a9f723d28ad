import ArgumentParser
import PortAPI
import PortModel
import PortSystem

/// Which project a command is about.
struct ResolvedProject {
    var app: String
    var instance: String
    /// `nil` when the app was spelled out.
    var directories: ProjectDTO?
    /// Whether app or instance were named, and not detected.
    var isSpelledOut = true

    /// The query that says where a name was spoken.
    var scope: String {
        let exact = isSpelledOut ? "true" : nil
        return Paths.query([("app", app), ("instance", instance), ("root", directories?.root), ("exact", exact)])
    }

    /// Tells the user when the registry knows this directory by another name than its own.
    func explain(_ registeredApp: String) {
        guard let directories, registeredApp != app else { return }
        Output.note("another directory is \"\(app)\" already: \(directories.root) is \"\(registeredApp)\"")
    }
}
