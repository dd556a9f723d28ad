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

    /// The project in which the daemon looks a service up first.
    var scope: ServiceQuery {
        ServiceQuery(app: app, instance: instance, project: directories, isExact: isSpelledOut)
    }
}
