import ArgumentParser
import PortModel
import PortProject
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

    /// Whether neither option is given.
    var isEmpty: Bool { app == nil && instance == nil }

    /// Throws `ValidationError` for an empty option: what a script meant by an unset variable is not known, and
    /// `release` without the option ends more.
    func validate() throws { try Self.check(app: app, instance: instance) }

    /// Throws `ValidationError` when one of the texts is empty.
    static func check(app: String?, instance: String?, service: String? = nil) throws {
        if app == "" { throw ValidationError("--app is empty; leave it out to mean the current project") }
        if instance == "" { throw ValidationError("--instance is empty; leave it out to mean the current one") }
        if service == "" { throw ValidationError("--service is empty; give the name of a service") }
    }

    /// Returns the app and instance from the options, the environment or the working directory, in this order. Throws
    /// ``Failure`` when the working directory is needed and does not exist.
    func resolved() throws -> ProjectScope {
        let app = app ?? Environment.value("PORTCTL_APP")
        let instance = instance ?? Environment.value("PORTCTL_INSTANCE")
        if let app, let instance { return ProjectScope(Project(app: app, instance: instance), isExact: true) }
        guard let directory = CurrentProcess.directory else {
            throw Failure(
                "the working directory was removed",
                hint: "change to another directory, or give --app and --instance",
                code: "no_directory"
            )
        }
        var project = ProjectDetector().project(at: directory)
        project.explainBrokenLink()
        if let app { (project.app, project.directories) = (app, nil) }
        project.instance = instance ?? project.instance
        return ProjectScope(project, isExact: app != nil || instance != nil)
    }
}
