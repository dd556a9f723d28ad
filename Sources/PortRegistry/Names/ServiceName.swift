import PortModel

/// One NAME and where it was spoken.
struct ServiceName {
    let name: String
    let scope: NameScope?
    let machine: any Machine

    init(_ name: String, scope: NameScope?, machine: any Machine) throws(RegistryError) {
        self.name = try Name.validated(name, as: "name")
        self.scope = scope
        self.machine = machine
    }

    func allocations(reading: any RegistryReading) throws -> [Allocation] {
        if let identity = try ServiceIdentity(path: name) { return try reading.allocations(of: identity) }
        if let scope {
            let app = try ProjectNaming(reading: reading, directoryExists: machine.directoryExists)
                .app(of: scope.app, project: scope.project)
            let own = try ServiceIdentity(app: app, instance: scope.instance, service: name)
            let allocations = try reading.allocations(of: own)
            if !allocations.isEmpty || scope.isExact { return allocations }
        }
        let fitting = try reading.allocations(named: name)
        guard Set(fitting.map(\.identity)).count <= 1 else {
            throw RegistryError(
                .ambiguousName,
                "\"\(name)\" could be several services",
                subject: name,
                hint: "name one of them as app/instance/service",
                candidates: fitting
            )
        }
        return fitting.sorted { $0.replica < $1.replica }
    }
}
