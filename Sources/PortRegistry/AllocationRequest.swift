package import PortModel

/// What a face asks for on behalf of a service.
package struct AllocationRequest: Sendable {
    package var identity: ServiceIdentity
    /// `nil`: the registry chooses.
    package var port: Port?
    /// Return what the identity already has instead of refusing.
    package var ensure = false
    /// Register a service that already runs: a busy port is no reason to refuse.
    package var adopt = false
    /// Fail instead of moving when the remembered port is taken.
    package var strict = false
    /// Where the app's name was detected; `nil` when it was spelled out.
    package var project: ProjectFolder?

    package init(
        identity: ServiceIdentity,
        port: Port? = nil,
        ensure: Bool = false,
        adopt: Bool = false,
        strict: Bool = false,
        project: ProjectFolder? = nil
    ) {
        self.identity = identity
        self.port = port
        self.ensure = ensure
        self.adopt = adopt
        self.strict = strict
        self.project = project
    }
}

/// The folders an identity was detected from.
package struct ProjectFolder: Hashable, Sendable {
    /// Identifies the app: the main checkout, also from a linked worktree. Two roots of one name are two apps.
    package var root: String
    /// The checkout the service runs in.
    package var folder: String

    package init(root: String, folder: String) {
        self.root = root
        self.folder = folder
    }
}

/// A granted allocation and what the asker should be told.
package struct Grant: Sendable {
    package var allocation: Allocation
    /// `false` when the identity already had it.
    package var isNew: Bool
    /// Why the port is a poor choice, or why it is not the expected one; each one line.
    package var warnings: [String]

    package init(allocation: Allocation, isNew: Bool, warnings: [String]) {
        self.allocation = allocation
        self.isNew = isNew
        self.warnings = warnings
    }
}
