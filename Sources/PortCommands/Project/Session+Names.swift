import PortAPI
import PortModel

extension Session {
    /// Finds the service that NAME means in the project, else the only other one of that name, which is then said on
    /// standard error. Throws ``Failure``.
    func service(named name: String, in project: ResolvedProject) throws -> ServiceBody {
        let service = try send("GET", Paths.service(name) + project.scope, as: ServiceBody.self)
        project.explain(service, named: name)
        return service
    }

    /// Returns the project's own service of that name, or the one that `app/instance/service` names; `nil` when there
    /// is none. Throws ``Failure``.
    func ownService(named name: String, in project: ResolvedProject? = nil) throws -> ServiceBody? {
        var project = project
        project?.isSpelledOut = true
        do {
            return try send("GET", Paths.service(name) + (project?.scope ?? ""), as: ServiceBody.self)
        } catch let failure as Failure where failure.code == RegistryError.Code.serviceNotFound.rawValue {
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
