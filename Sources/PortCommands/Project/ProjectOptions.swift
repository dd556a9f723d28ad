import ArgumentParser
import PortAPI
import PortModel
import PortSystem

/// The options `--app` and `--instance`, and their defaults from the environment and the working directory.
struct ProjectOptions: ParsableArguments {
    @Option(help: "Application name. (default: git repository or directory name)")
    var app: String?

    @Option(help: "Instance name. (default: git worktree, or main)")
    var instance: String?

    /// No options, for commands that do not offer them.
    static var none: ProjectOptions {
        var options = ProjectOptions()
        options.app = nil
        options.instance = nil
        return options
    }

    /// Whether neither option is given. An empty text counts as absent, as in the original portctl: a script may pass
    /// an unset variable.
    var isEmpty: Bool { app.nonEmpty == nil && instance.nonEmpty == nil }

    /// Returns the app and instance from the options, the environment or the working directory, in this order. Throws
    /// ``Failure`` when the working directory is needed and does not exist.
    func resolved() throws -> ResolvedProject {
        let app = try app.nonEmpty ?? variable("PORTCTL_APP")
        let instance = try instance.nonEmpty ?? variable("PORTCTL_INSTANCE")
        if let app, let instance { return ResolvedProject(app: app, instance: instance, directories: nil) }
        guard let directory = CurrentProcess.directory else {
            throw Failure(
                "the working directory was removed",
                hint: "change to another directory, or give --app and --instance"
            )
        }
        let detected = ProjectDetector().project(at: directory)
        return ResolvedProject(
            app: app ?? detected.app,
            instance: instance ?? detected.instance,
            directories: app == nil ? ProjectDTO(root: detected.root, directory: detected.directory) : nil,
            isSpelledOut: app != nil || instance != nil
        )
    }

    private func variable(_ name: String) throws -> String? {
        do { return try Environment.text(name) } catch { throw Failure(error) }
    }
}

extension String? {
    /// The text; `nil` when it is empty.
    var nonEmpty: String? { self == "" ? nil : self }
}
