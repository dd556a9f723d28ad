internal import HTTPTypes
internal import Hummingbird
internal import PortAPI
internal import PortModel
internal import PortRegistry

/// What is wrong, each with its remedy; and how full the pools are.
struct DiagnosisRoutes {
    let registry: Registry

    func add(to table: inout RouteTable) {
        table.on(Paths.diagnosis, .get) { _, _ in
            let diagnosis = try await registry.diagnosis()
            return try JSON.response(
                [diagnosis.database] + diagnosis.predecessors + [diagnosis.listeners, diagnosis.ephemeral]
                    + diagnosis.pools.map(\.finding)
                    + diagnosis.conflictFindings
            )
        }
        table.on(Paths.pools, .get) { _, _ in
            try JSON.response(try await registry.poolUsage().map(PoolBody.init))
        }
    }
}

extension PoolBody {
    fileprivate init(_ usage: PoolUsage) {
        self.init(
            face: usage.face.rawValue,
            ranges: usage.pool.description,
            usable: usage.usable,
            allocated: usage.allocated
        )
    }
}

extension Diagnosis {
    fileprivate var database: FindingBody {
        guard let first = databaseFaults.first else {
            guard let writingFault else { return FindingBody("database", .ok, "it is whole, readable and writable") }
            return FindingBody("database", .problem, writingFault.message, remedy: writingFault.hint)
        }
        return FindingBody(
            "database",
            .problem,
            "it is damaged: \(first)",
            remedy: "portctl restart sets it aside, and makes it anew from what it still knows"
        )
    }

    fileprivate var predecessors: [FindingBody] {
        damagedPredecessors.map { path in
            FindingBody(
                "database",
                .warning,
                "it was made anew from what a damaged one still knew: \(path)",
                remedy: "see whether portctl list --all lacks anything; then remove that file"
            )
        }
    }

    fileprivate var listeners: FindingBody {
        guard let listenersFault else { return FindingBody("listeners", .ok, "the kernel says who listens") }
        return FindingBody(
            "listeners",
            .problem,
            listenersFault.message,
            remedy: "run port-server outside the sandbox, or raise its limit of open files"
        )
    }

    fileprivate var ephemeral: FindingBody {
        let check = "ephemeral range"
        guard let ephemeralRange else {
            return FindingBody(check, .warning, "the kernel does not tell from which ports it serves connections")
        }
        guard ephemeralRange == excludedRange else {
            return FindingBody(
                check,
                .warning,
                "the kernel's is \(ephemeralRange) now; at the start it was \(excludedRange?.description ?? "unknown")",
                remedy: "portctl restart"
            )
        }
        return FindingBody(check, .ok, "automatic choice stays out of \(ephemeralRange)")
    }

    fileprivate var conflictFindings: [FindingBody] {
        guard !conflicts.isEmpty else { return [FindingBody("conflicts", .ok, "no stranger is on an allocated port")] }
        return conflicts.map { report in
            let port = report.allocation.port
            return FindingBody(
                "conflicts",
                .problem,
                "port \(port), which \(report.allocation.identity) has, is taken by "
                    + KillPolicy.names(of: report.occupiers),
                remedy: "portctl kill \(port), or to move the service: portctl port "
                    + report.allocation.identity.description.shellQuoted
            )
        }
    }
}

extension PoolUsage {
    fileprivate var finding: FindingBody {
        let check = "pool \(face.rawValue)"
        let free = usable - allocated
        let message = "\(pool): \(free) of \(usable) usable ports are free"
        guard usable > 0 else {
            return FindingBody(
                check,
                .problem,
                "\(pool): automatic choice leaves out every port of it",
                remedy: "give pools.\(face.rawValue) other ranges in config.yaml"
            )
        }
        guard free * 10 >= usable else {
            return FindingBody(
                check,
                .warning,
                message,
                remedy: "release ports (portctl list --all), or widen pools.\(face.rawValue) in config.yaml"
            )
        }
        return FindingBody(check, .ok, message)
    }
}
