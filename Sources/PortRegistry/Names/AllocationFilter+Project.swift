import PortModel

extension AllocationFilter {
    /// The filter with the name that the detected app really has.
    func resolved(
        project: ProjectDirectory?,
        reading: any RegistryReading,
        machine: any Machine
    ) throws -> AllocationFilter {
        guard let app else { return self }
        var resolved = self
        resolved.app = try ProjectNaming(reading: reading, directoryExists: machine.directoryExists)
            .app(of: app, project: project)
        return resolved
    }
}
