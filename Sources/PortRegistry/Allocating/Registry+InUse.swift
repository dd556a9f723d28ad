import PortModel

extension Registry {
    /// Returns the refusal with the processes that listen on its port, if it is about a port that is in use. They are
    /// found here and not in the transaction, which other requests wait for. A caller in another network namespace
    /// could not ask for them, and gets the refusal as it is; so does everybody when the kernel does not answer.
    /// `remedy` replaces those of the refusal; its argument is whether a process is known.
    func naming(
        _ refusal: RegistryError,
        of request: AllocationRequest,
        by caller: Caller,
        remedy: ((Bool) -> Remedy)? = nil
    ) async -> RegistryError {
        guard [.portInUse, .rememberedPortTaken].contains(refusal.code), networkWarning(for: caller) == nil,
            let port = refusal.subject.flatMap({ Port($0) }),
            let reports = try? await listeners(on: [port]),
            let names = ListenerReport.names(of: reports)
        else { return refusal }
        let occupiers = Occupancy(reports.map(\.listener))?.occupiers ?? []
        let verb = max(occupiers.count, 1) == 1 ? "listens" : "listen"
        var remedies: [Remedy] = [.reason("\(names) \(verb) on it"), .showListeners(port)]
        if request.mayAdopt(occupiers, on: port) { remedies.append(.adopt(port, request.identity)) }
        remedies += remedy.map { [$0(!occupiers.isEmpty)] } ?? refusal.remedies
        var named = refusal
        named.remedies = remedies
        named.occupiers = occupiers
        named.project = reports.lazy.compactMap(\.project).first.map { "\($0.app)/\($0.instance)" }
        return named
    }
}

extension ListenerReport {
    /// Returns the processes behind the sockets with their directories and projects, each once; `nil` without sockets.
    /// At most three are named.
    package static func names(of reports: [ListenerReport]) -> String? {
        var names: [String] = []
        for report in reports {
            if report.listener.occupiers.isEmpty {
                names.append("an unknown process of user id \(report.listener.userID)")
            }
            for occupier in report.listener.occupiers {
                let directory = occupier.directory.map { " in \($0.oneLine)" } ?? ""
                // The project is that of the first occupier's directory.
                let isInProject = occupier.directory == report.listener.occupiers[0].directory
                let project =
                    report.project.flatMap { isInProject ? " (project \($0.app.oneLine)/\($0.instance.oneLine))" : nil }
                    ?? ""
                names.append("\(Occupier.names(of: [occupier]))\(directory)\(project)")
            }
        }
        var seen: Set<String> = []
        names = names.filter { seen.insert($0).inserted }
        guard !names.isEmpty else { return nil }
        let rest = names.count > 3 ? ["\(names.count - 2) others"] : []
        return (names.prefix(rest.isEmpty ? 3 : 2) + rest).joined(separator: " and ")
    }
}

extension AllocationRequest {
    /// Whether the occupiers are a server of the request's own directory, which listens on the one port that the
    /// service may have.
    fileprivate func mayAdopt(_ occupiers: [Occupier], on port: Port) -> Bool {
        guard let project, self.port == port, whenAllocated == .refuse || whenAllocated == .share else { return false }
        return !occupiers.isEmpty
            && occupiers.allSatisfy { $0.directory != nil && $0.mayRun(in: project) }
    }
}
