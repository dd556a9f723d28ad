import PortAPI
import PortModel
import PortRegistry

extension Diagnosis {
    /// The results of all checks, in the order in which they are shown.
    var findings: [FindingDTO] {
        [database] + predecessors + [listeners, ephemeral] + pools.map(\.finding) + conflictFindings
    }

    private var database: FindingDTO {
        guard let first = databaseFaults.first else {
            guard let writingFault else { return FindingDTO("database", .ok, "intact, readable and writable") }
            return FindingDTO("database", .problem, writingFault.message, remedy: writingFault.hint)
        }
        return FindingDTO(
            "database",
            .problem,
            "damaged: \(first)",
            remedy: "portctl restart recovers what is readable into a new database"
        )
    }

    private var predecessors: [FindingDTO] {
        damagedPredecessors.map { path in
            FindingDTO(
                "database",
                .warning,
                "recovered from a damaged database, which is still there: \(path)",
                remedy: "check portctl list --all for missing allocations, then remove that file"
            )
        }
    }

    private var listeners: FindingDTO {
        guard let listenersFault else { return FindingDTO("listeners", .ok, "the kernel reports who listens") }
        return FindingDTO(
            "listeners",
            .problem,
            listenersFault.message,
            remedy: "run port-server outside the sandbox, or raise its limit of open files"
        )
    }

    private var ephemeral: FindingDTO {
        let check = "ephemeral range"
        guard let ephemeralRange else {
            return FindingDTO(check, .warning, "the kernel does not report its range of ephemeral ports")
        }
        guard ephemeralRange == excludedRange else {
            return FindingDTO(
                check,
                .warning,
                "the kernel uses \(ephemeralRange) now; when the daemon started it used "
                    + (excludedRange?.description ?? "an unknown range"),
                remedy: "portctl restart"
            )
        }
        return FindingDTO(check, .ok, "automatic choice avoids \(ephemeralRange)")
    }

    private var conflictFindings: [FindingDTO] {
        guard listenersFault == nil || !conflicts.isEmpty else {
            return [
                FindingDTO("conflicts", .warning, "not known: the kernel does not report who listens on the ports")
            ]
        }
        guard !conflicts.isEmpty else {
            return [FindingDTO("conflicts", .ok, "no other process listens on an allocated port")]
        }
        return conflicts.map { report in
            let port = report.allocation.port
            return FindingDTO(
                "conflicts",
                .problem,
                "port \(port), which \(report.allocation.identity) has, is taken by "
                    + Occupier.names(of: report.occupiers),
                remedy: "portctl kill \(port), or to move the service: portctl port "
                    + report.allocation.identity.description.shellQuoted
            )
        }
    }
}

extension PoolUsage {
    fileprivate var finding: FindingDTO {
        let check = "pool \(face.rawValue)"
        let free = usable - allocated
        let message = "\(pool): \(free) of \(usable) usable ports are free"
        guard usable > 0 else {
            return FindingDTO(
                check,
                .problem,
                "\(pool): every port is excluded from automatic choice",
                remedy: "give pools.\(face.rawValue) other ranges in config.yaml"
            )
        }
        guard free * 10 >= usable else {
            return FindingDTO(
                check,
                .warning,
                message,
                remedy: "release ports (portctl list --all), or widen pools.\(face.rawValue) in config.yaml"
            )
        }
        return FindingDTO(check, .ok, message)
    }
}
