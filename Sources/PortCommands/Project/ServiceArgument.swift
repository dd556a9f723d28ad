import ArgumentParser
import PortAPI
import PortModel
import PortSystem

/// A SERVICE argument: a service of the current project, or `app/instance/service`.
struct ServiceArgument {
    var project: ProjectScope
    var service: String

    /// The service of a command without a SERVICE argument.
    static let defaultService = ServiceIdentity.defaultName

    /// Parses the argument. Throws ``Failure`` for a malformed name, for a full name that comes with options, and, with
    /// `portUsage`, for a number: it is the command that takes a port, with PORT in its place.
    init(_ text: String, options: ProjectOptions, portUsage: String? = nil) throws {
        if let portUsage, text.isNumber { throw Self.isNumber(text, portUsage: portUsage) }
        do {
            if let identity = try ServiceIdentity(path: text) {
                guard options.isEmpty else {
                    throw Failure(
                        "\(text) names its app and instance: --app and --instance cannot be combined with it",
                        code: "usage_error",
                        subject: text
                    )
                }
                project = ProjectScope(Project(app: identity.app, instance: identity.instance), isExact: true)
                service = identity.service
                return
            }
        } catch let error as RegistryError {
            throw Failure(error)
        }
        project = try options.resolved()
        service = text
    }

    init(project: ProjectScope, service: String) {
        self.project = project
        self.service = service
    }

    /// Whether `name` means this service in its project.
    func isNamed(_ name: String) -> Bool {
        name == service || name == [project.app, project.instance, service].joined(separator: "/")
    }

    private static func isNumber(_ text: String, portUsage: String) -> Failure {
        isNumber(
            text,
            hint: "to get this port: \(portUsage.replacing("PORT", with: text)); "
                + "whether it is free: portctl check \(text); who listens on it: portctl who \(text)"
        )
    }

    /// Returns the failure for a number where a service is expected. `hint` is for one that is a port.
    static func isNumber(_ text: String, hint: String) -> Failure {
        let hint = Port(text) == nil ? "give a name; ports are numbers from 1 to 65535" : hint
        return Failure(
            "\(text) is a number, not the name of a service",
            hint: hint,
            code: RegistryError.Code.invalidName.rawValue,
            subject: text
        )
    }

    /// An allocation request for the service, with all other fields unset.
    var body: AllocateBody {
        AllocateBody(app: project.app, instance: project.instance, service: service, project: project.directories)
    }
}
