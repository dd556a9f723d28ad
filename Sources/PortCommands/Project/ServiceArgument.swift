import ArgumentParser
import PortAPI
import PortModel
import PortSystem

/// A SERVICE argument: a service of the current project, or `app/instance/service`.
struct ServiceArgument {
    var project: ResolvedProject
    var service: String

    /// The service of a command without a SERVICE argument.
    static let defaultService = ServiceIdentity.defaultName

    /// Parses the argument. Throws ``Failure`` for a malformed name, or when a full name comes with options.
    init(_ text: String, options: ProjectOptions) throws {
        do {
            if let identity = try ServiceIdentity(path: text) {
                guard options.isEmpty else {
                    throw Failure("\(text) names its app and instance: --app and --instance cannot be combined with it")
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

    /// An allocation request for the service, with all other fields unset.
    var body: AllocateBody {
        AllocateBody(app: project.app, instance: project.instance, service: service, project: project.directories)
    }
}
