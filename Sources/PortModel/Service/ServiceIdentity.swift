/// The identity of a service, `app/instance/service`. All three names are valid according to ``Name``.
package struct ServiceIdentity: Hashable, Sendable, CustomStringConvertible {
    package let app: String
    package let instance: String
    package let service: String

    /// Creates an identity and trims its names. Throws `invalid_name`, with the invalid part as the subject, for a name
    /// that ``Name/validated(_:as:)`` rejects.
    package init(app: String, instance: String, service: String) throws(RegistryError) {
        self.app = try Name.validated(app, as: "app")
        self.instance = try Name.validated(instance, as: "instance")
        self.service = try Name.validated(service, as: "service")
    }

    /// Parses `app/instance/service`: exactly three parts that are not blank; `nil` for any other text, which is a name
    /// (`a/b`, a path, a URL). An npm scope and the name behind it are one part (`@shop/web/main/api`). Throws like
    /// ``init(app:instance:service:)``.
    package init?(path: String) throws(RegistryError) {
        var parts = path.split(separator: "/", omittingEmptySubsequences: false)
        if path.hasPrefix("@"), parts.count >= 2 {
            parts.replaceSubrange(..<2, with: [path[parts[0].startIndex..<parts[1].endIndex]])
        }
        guard parts.count == 3, parts.allSatisfy({ !$0.trimmingSpaces().isEmpty }) else { return nil }
        try self.init(app: String(parts[0]), instance: String(parts[1]), service: String(parts[2]))
    }

    /// Creates the identity that a machine-wide `name` stands for: `app/instance/service` itself, and
    /// `name/default/default` for any other text. Throws like ``init(app:instance:service:)``, with `name` as the
    /// subject for any other text.
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

    /// The name of each part that a machine-wide name leaves out.
    package static let defaultName = "default"

    /// The shortest name from which ``init(machineWide:)`` creates this identity.
    package var machineWideName: String {
        guard instance == Self.defaultName && service == Self.defaultName else { return description }
        return (try? ServiceIdentity(machineWide: app)) == self ? app : description
    }

    /// The ``machineWideName`` of the identity whose description is `path`.
    package static func machineWideName(_ path: String) -> String {
        let ending = "/\(defaultName)/\(defaultName)"
        return path.hasSuffix(ending) && path.count > ending.count ? String(path.dropLast(ending.count)) : path
    }

    /// The identity of all services without a name. Each allocation of it is another replica.
    package static let unnamed = try! ServiceIdentity(app: unnamedApp, instance: defaultName, service: unnamedService)

    /// Whether the identity was created without an app. Unrelated services share it, so no port is remembered for it.
    package var isAnonymous: Bool { app == Self.unnamedApp }

    /// Creates an identity from the app, worktree and role of PortManager. A part that is `nil` or empty gets its
    /// default name. Throws like ``init(app:instance:service:)``.
    package init(app: String?, worktree: String?, role: String?) throws(RegistryError) {
        func nonEmpty(_ text: String?) -> String? { text == "" ? nil : text }
        try self.init(
            app: nonEmpty(app) ?? Self.unnamedApp,
            instance: nonEmpty(worktree) ?? Self.defaultName,
            service: nonEmpty(role) ?? Self.unnamedService
        )
    }

    /// The app of services without an app.
    package static let unnamedApp = "unnamed"
    /// The service name of services without a role.
    package static let unnamedService = "port"

    package var description: String { "\(app)/\(instance)/\(service)" }
}
