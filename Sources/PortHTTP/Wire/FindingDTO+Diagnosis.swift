import HTTPTypes
import Hummingbird
import PortAPI
import PortModel
import PortRegistry

extension PoolDTO {
    init(_ usage: PoolUsage) {
        self.init(
            face: usage.face.rawValue,
            ranges: usage.pool.description,
            usable: usage.usable,
            allocated: usage.allocated
        )
    }
}

extension Diagnosis {
    var database: FindingDTO {
        guard let first = databaseFaults.first else {
            guard let writingFault else { return FindingDTO("database", .ok, "it is whole, readable and writable") }
            return FindingDTO("database", .problem, writingFault.message, remedy: writingFault.hint)
        }
        return FindingDTO(
            "database",
            .problem,
            "it is damaged: \(first)",
            remedy: "portctl restart sets it aside, and makes it anew from what it still knows"
        )
    }

    var predecessors: [FindingDTO] {
        damagedPredecessors.map { path in
            FindingDTO(
                "database",
                .warning,
                "it was made anew from what a damaged one still knew: \(path)",
                remedy: "see whether portctl list --all lacks anything; then remove that file"
            )
        }
    }

    var listeners: FindingDTO {
        guard let listenersFault else { return FindingDTO("listeners", .ok, "the kernel says who listens") }
        return FindingDTO(
            "listeners",
            .problem,
            listenersFault.message,
            remedy: "run port-server outside the sandbox, or raise its limit of open files"
        )
    }

    var ephemeral: FindingDTO {
        let check = "ephemeral range"
        guard let ephemeralRange else {
            return FindingDTO(check, .warning, "the kernel does not tell from which ports it serves connections")
        }
        guard ephemeralRange == excludedRange else {
            return FindingDTO(
                check,
                .warning,
                "the kernel's is \(ephemeralRange) now; at the start it was \(excludedRange?.description ?? "unknown")",
                remedy: "portctl restart"
            )
        }
        return FindingDTO(check, .ok, "automatic choice stays out of \(ephemeralRange)")
    }

    var conflictFindings: [FindingDTO] {
        guard !conflicts.isEmpty else { return [FindingDTO("conflicts", .ok, "no stranger is on an allocated port")] }
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
    var finding: FindingDTO {
        let check = "pool \(face.rawValue)"
        let free = usable - allocated
        let message = "\(pool): \(free) of \(usable) usable ports are free"
        guard usable > 0 else {
            return FindingDTO(
                check,
                .problem,
                "\(pool): automatic choice leaves out every port of it",
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
