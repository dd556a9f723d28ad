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

    package var description: String { "\(app)/\(instance)/\(service)" }
}
