import ArgumentParser
import PortAPI
import PortModel
import PortSystem

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
                project = ResolvedProject(app: identity.app, instance: identity.instance, directories: nil)
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
        AllocateBody(app: project.app, instance: project.instance, service: service, project: project.directories)
    }
}
