import ArgumentParser
import PortAPI
import PortModel
import PortSystem

/// The NAME argument of `get-port` and `release-port`: a name for the whole machine, or none for the current project.
struct ProjectArgument {
    var project: ProjectScope
    var body: AllocateBody

    init(_ name: String?) throws {
        guard let name else {
            project = try ProjectOptions.none.resolved()
            body = AllocateBody(
                app: project.app,
                instance: project.instance,
                service: ServiceArgument.defaultService,
                project: project.directories
            )
            return
        }
        do {
            let identity = try ServiceIdentity(machineWide: name)
            project = ProjectScope(Project(app: identity.app, instance: identity.instance), isExact: true)
            body = AllocateBody(app: identity.app, instance: identity.instance, service: identity.service)
        } catch {
            throw Failure(error)
        }
    }
}
