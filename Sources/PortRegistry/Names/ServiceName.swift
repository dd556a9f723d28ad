import PortModel

/// A NAME, and the scope that it was used in.
struct ServiceName {
    let name: String
    let scope: ProjectScope?
    let machine: any Machine

    /// Throws `invalid_name`.
    init(_ name: String, scope: ProjectScope?, machine: any Machine) throws(RegistryError) {
        self.name = try Name.validated(name, as: "name")
        self.scope = scope
        self.machine = machine
    }

    /// Returns the allocations of the service that the name means, as ``Registry/lookUp(_:in:)`` describes it.
    func allocations(reading: any RegistryReading) throws -> [Allocation] {
        if let identity = try ServiceIdentity(path: name) { return try reading.allocations(of: identity) }
        if let scope {
            let allocations = try reading.allocations(of: own(in: scope, reading: reading))
            if !allocations.isEmpty || scope.isExact { return allocations }
        }
        var matches = try reading.allocations(named: name)
        if matches.isEmpty { matches = try reading.allocations(shownAs: name) }
        guard Set(matches.map(\.identity)).count <= 1 else {
            throw RegistryError(
                .ambiguousName,
                "\"\(name)\" could be several services",
                subject: name,
                remedies: [.spellOut],
                candidates: matches
            )
        }
        return matches.sorted { $0.replica < $1.replica }
    }

    /// Returns the service that the name, which has no allocation, means, and the port that its first replica had last;
    /// `nil` when none is remembered. The name means the identity that it spells out, else the scope's service of that
    /// name, else, unless the scope is exact, the machine-wide name.
    func lastPort(
        reading: any ProjectReading & RememberedPortReading
    ) throws -> (identity: ServiceIdentity, port: Port)? {
        for identity in try identities(reading: reading) {
            if let port = try reading.rememberedPort(of: identity, replica: 0) { return (identity, port) }
        }
        return nil
    }

    /// Returns the identities that the name means without an allocation, the first choice first.
    private func identities(reading: any ProjectReading) throws -> [ServiceIdentity] {
        if let identity = try ServiceIdentity(path: name) { return [identity] }
        let machineWide = try ServiceIdentity(machineWide: name)
        guard let scope else { return [machineWide] }
        let own = try own(in: scope, reading: reading)
        return scope.isExact ? [own] : [own, machineWide]
    }

    /// Returns the service of that name in the scope's project.
    private func own(in scope: ProjectScope, reading: any ProjectReading) throws -> ServiceIdentity {
        let app = try ProjectNaming(reading: reading, machine: machine).app(
            of: scope.project.app,
            project: scope.project.directories
        )
        return try ServiceIdentity(app: app, instance: scope.project.instance, service: name)
    }
}
