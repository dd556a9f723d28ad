import PortAPI
import PortClient
import PortModel

extension Session {
    /// Finds the service that NAME means in the project, else the only other one of that name, which is then said on
    /// standard error. Throws ``Failure``.
    func service(named name: String, in project: ProjectScope) throws -> ServiceBody {
        let service = try services.lookUp(name, in: project.scope)
        project.explain(service, named: name)
        return service
    }

    /// Returns the project's own service of that name, or the one that `app/instance/service` names; `nil` when there
    /// is none. Throws ``Failure``.
    func ownService(named name: String, in project: ProjectScope? = nil) throws -> ServiceBody? {
        var project = project
        project?.isExact = true
        do {
            return try services.lookUp(name, in: project?.scope ?? ServiceQuery())
        } catch {
            guard error.code == RegistryError.Code.serviceNotFound.rawValue else { throw error }
            return nil
        }
    }
}

extension ServiceBody {
    /// The identity as `app/instance/service`.
    var identity: String { "\(app)/\(instance)/\(service)" }

    /// The words by which the command line means the service: ``ServiceIdentity/commandLineWords``.
    var commandLineWords: String {
        (try? ServiceIdentity(app: app, instance: instance, service: service))?.commandLineWords ?? identity.shellQuoted
    }
}
