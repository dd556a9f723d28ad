/// What a port belongs to: `app/instance/service`, three names that were checked when the value was made.
package struct ServiceIdentity: Hashable, Sendable, CustomStringConvertible {
    package let app: String
    package let instance: String
    package let service: String

    /// Trims the names. Throws `invalid_name`, with the part at fault as subject, for a name that is blank, longer
    /// than ``Name/maximumLength`` or contains control characters.
    package init(app: String, instance: String, service: String) throws(RegistryError) {
        self.app = try Name.validated(app, as: "app")
        self.instance = try Name.validated(instance, as: "instance")
        self.service = try Name.validated(service, as: "service")
    }

    /// Reads `app/instance/service`. An instance may contain slashes itself (`feature/login`), so the first part is
    /// the app and the last the service; the app of an npm scope has one of its own (`@shop/web/main/api`). `nil` with
    /// fewer than two slashes; throws like ``init(app:instance:service:)``.
    package init?(path: String) throws(RegistryError) {
        var parts = path.split(separator: "/", omittingEmptySubsequences: false)
        if path.hasPrefix("@"), parts.count >= 2 {
            parts.replaceSubrange(..<2, with: [path[parts[0].startIndex..<parts[1].endIndex]])
        }
        guard parts.count >= 3 else { return nil }
        try self.init(
            app: String(parts[0]),
            instance: parts.dropFirst().dropLast().joined(separator: "/"),
            service: String(parts[parts.count - 1])
        )
    }

    /// What one NAME means for the whole machine: `app/instance/service` as it stands, else `NAME/default/default`.
    /// Throws like ``init(app:instance:service:)``.
    package init(machineWide name: String) throws(RegistryError) {
        if let identity = try ServiceIdentity(path: name) {
            self = identity
        } else {
            try self.init(
                app: try Name.validated(name, as: "name"),
                instance: Self.defaultName,
                service: Self.defaultName
            )
        }
    }

    /// The names that stand in for those a machine-wide NAME leaves out.
    package static let defaultName = "default"

    /// The short form of ``init(machineWide:)`` where there is one, else `app/instance/service`.
    package var machineWideName: String {
        instance == Self.defaultName && service == Self.defaultName ? app : description
    }

    /// What stands in for the names of a service that was given none, with a further replica for each.
    package static let unnamed = try! ServiceIdentity(app: unnamedApp, instance: defaultName, service: unnamedService)

    /// Whether the service belongs to no app, so that anybody's may have the name: nothing is remembered for it.
    package var isAnonymous: Bool { app == Self.unnamedApp }

    /// What seed 001 calls app, worktree and role; what is not given, or empty, has the stand-in's name. Throws like
    /// ``init(app:instance:service:)``.
    package init(app: String?, worktree: String?, role: String?) throws(RegistryError) {
        func given(_ text: String?) -> String? { text == "" ? nil : text }
        try self.init(
            app: given(app) ?? Self.unnamedApp,
            instance: given(worktree) ?? Self.defaultName,
            service: given(role) ?? Self.unnamedService
        )
    }

    /// The app and the service of one that was not given any, DESIGN section 2.
    package static let unnamedApp = "unnamed"
    package static let unnamedService = "port"

    package var description: String { "\(app)/\(instance)/\(service)" }
}
