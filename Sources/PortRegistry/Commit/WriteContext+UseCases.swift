import PortModel

extension GroupCommitter.WriteContext {
    /// Returns the identity with the app name that the detected `project` really has, and what the caller should know
    /// about that.
    func registered(
        _ identity: ServiceIdentity,
        project: Project.Directories?
    ) throws -> (identity: ServiceIdentity, warnings: [String]) {
        guard let project else { return (identity, []) }
        let decision = try ProjectNaming(reading: transaction, machine: machine)
            .decide(named: identity.app, for: project)
        return (try identity.renamed(app: decision.app), decision.warnings(for: identity.app, at: project.root))
    }

    /// Records which directory has the app name of `identity`.
    func record(_ project: Project.Directories?, of identity: ServiceIdentity) throws {
        guard let project else { return }
        try transaction.record(
            RecordedProject(app: identity.app, root: project.root, rootIdentity: project.rootIdentity)
        )
    }

    /// Runs `body`, and returns a refusal that it throws: an error that leaves the transaction would roll back the
    /// other requests of the group, too.
    func refusing<Value>(
        _ body: () throws -> Result<Value, RegistryError>
    ) throws -> Result<Value, RegistryError> {
        do {
            return try body()
        } catch let error as RegistryError where error.code != .storageFailed {
            return .failure(error)
        }
    }
}
