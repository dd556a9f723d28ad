import PortModel

extension GroupCommitter.WriteContext {
    /// Returns the identity with the app name that the detected `project` really has.
    func registered(_ identity: ServiceIdentity, project: ProjectDirectory?) throws -> ServiceIdentity {
        try identity.renamed(
            app: ProjectNaming(reading: transaction, directoryExists: machine.directoryExists)
                .app(of: identity.app, project: project)
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
