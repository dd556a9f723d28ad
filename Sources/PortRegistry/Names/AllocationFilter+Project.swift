import PortModel

extension AllocationFilter {
    /// Returns the filter with the app name that the detected `project` really has.
    func resolved(
        project: Project.Directories?,
        reading: any ProjectReading,
        machine: any Machine
    ) throws -> AllocationFilter {
        guard let app else { return self }
        var resolved = self
        resolved.app = try ProjectNaming(reading: reading, machine: machine)
            .app(of: app, project: project)
        return resolved
    }
}
