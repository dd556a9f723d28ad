internal import ArgumentParser
internal import PortAPI
internal import PortModel
internal import PortSystem

/// `--app` and `--instance`, and what stands in for them.
struct ProjectOptions: ParsableArguments {
    @Option(help: "Application name. (default: git repository or folder name)")
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

    /// The app and instance that the options, the environment or the working folder name.
    func resolved() throws -> ResolvedProject {
        let app = app.nonEmpty ?? HomeFolder.environment("PORTCTL_APP")
        let instance = instance.nonEmpty ?? HomeFolder.environment("PORTCTL_INSTANCE")
        if let app, let instance { return ResolvedProject(app: app, instance: instance, folders: nil) }
        guard let folder = CurrentProcess.folder else {
            throw Failure("the working folder is gone", hint: "change to another folder, or give --app and --instance")
        }
        let detected = ProjectDetector().project(at: folder)
        return ResolvedProject(
            app: app ?? detected.app,
            instance: instance ?? detected.instance,
            folders: app == nil ? ProjectBody(root: detected.root, folder: detected.folder) : nil,
            isSpelledOut: app != nil || instance != nil
        )
    }
}

/// Which project a command is about.
struct ResolvedProject {
    var app: String
    var instance: String
    /// `nil` when the app was spelled out.
    var folders: ProjectBody?
    /// Whether app or instance were named, and not detected.
    var isSpelledOut = true

    /// The query that says where a name was spoken.
    var scope: String {
        let exact = isSpelledOut ? "true" : nil
        return Paths.query([("app", app), ("instance", instance), ("root", folders?.root), ("exact", exact)])
    }

    /// Tells the user when the registry knows this folder by another name than its own.
    func explain(_ registeredApp: String) {
        guard let folders, registeredApp != app else { return }
        Output.note("another folder is \"\(app)\" already: \(folders.root) is \"\(registeredApp)\"")
    }
}

/// A SERVICE argument: the current project's service, or `app/instance/service`.
struct ServiceArgument {
    var project: ResolvedProject
    var service: String

    /// What a command is about that was given no SERVICE.
    static let defaultService = ServiceIdentity.defaultName

    init(_ text: String, options: ProjectOptions) throws {
        do {
            if let identity = try ServiceIdentity(path: text) {
                guard options.isEmpty else {
                    throw Failure("\(text) names its app and instance: --app and --instance do not go with it")
                }
                project = ResolvedProject(app: identity.app, instance: identity.instance, folders: nil)
                service = identity.service
                return
            }
        } catch let error as RegistryError {
            throw Failure(error)
        }
        project = try options.resolved()
        service = text
    }

    /// A request for the service, still without wishes.
    var body: AllocateBody {
        AllocateBody(app: project.app, instance: project.instance, service: service, project: project.folders)
    }
}

/// A NAME of `get-port` and `release-port`: one for the whole machine, or none for the current project.
struct ProjectArgument {
    var project: ResolvedProject
    var body: AllocateBody

    init(_ name: String?) throws {
        guard let name else {
            project = try ProjectOptions.none.resolved()
            body = AllocateBody(
                app: project.app,
                instance: project.instance,
                service: ServiceArgument.defaultService,
                project: project.folders
            )
            return
        }
        do {
            let identity = try ServiceIdentity(machineWide: name)
            project = ResolvedProject(app: identity.app, instance: identity.instance, folders: nil)
            body = AllocateBody(app: identity.app, instance: identity.instance, service: identity.service)
        } catch {
            throw Failure(error)
        }
    }
}

extension String? {
    /// `nil` for an empty text, too.
    var nonEmpty: String? { self == "" ? nil : self }
}
