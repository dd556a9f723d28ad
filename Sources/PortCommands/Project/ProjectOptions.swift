import ArgumentParser
import PortAPI
import PortModel
import PortSystem

/// `--app` and `--instance`, and what stands in for them.
struct ProjectOptions: ParsableArguments {
    @Option(help: "Application name. (default: git repository or directory name)")
    var app: String?

    @Option(help: "Instance name. (default: git worktree, or main)")
    var instance: String?

    /// Neither is given.
    static var none: ProjectOptions {
        var options = ProjectOptions()
        options.app = nil
        options.instance = nil
        return options
    }

    /// Whether neither is given. An empty text is none, as in seed 002: a script's variable may be unset.
    var isEmpty: Bool { app.nonEmpty == nil && instance.nonEmpty == nil }

    /// The app and instance that the options, the environment or the working directory name.
    func resolved() throws -> ResolvedProject {
        let app = app.nonEmpty ?? Environment.value("PORTCTL_APP")
        let instance = instance.nonEmpty ?? Environment.value("PORTCTL_INSTANCE")
        if let app, let instance { return ResolvedProject(app: app, instance: instance, directories: nil) }
        guard let directory = CurrentProcess.directory else {
            throw Failure("the working directory is gone", hint: "change to another directory, or give --app and --instance")
        }
        let detected = ProjectDetector().project(at: directory)
        return ResolvedProject(
            app: app ?? detected.app,
            instance: instance ?? detected.instance,
            directories: app == nil ? ProjectDTO(root: detected.root, directory: detected.directory) : nil,
            isSpelledOut: app != nil || instance != nil
        )
    }
}

extension String? {
    /// `nil` for an empty text, too.
    var nonEmpty: String? { self == "" ? nil : self }
}
