import PortAPI
import PortModel
import PortRegistry

extension Diagnosis {
    /// The results of all checks, in the order in which they are shown.
    var findings: [FindingDTO] {
        [database] + predecessors + [listeners] + owners + [ephemeral]
            + pools.map { $0.finding(freeRange: freeRange) } + conflictFindings + removedDirectories
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

    /// Nothing in the usual case.
    private var owners: [FindingDTO] {
        switch processLimit {
        case .noProcessDirectory:
            [
                FindingDTO(
                    "owners",
                    .problem,
                    "/proc is not mounted: no owner and no process behind a port can be found",
                    remedy: "mount -t proc proc /proc, or run port-server where it is mounted"
                )
            ]
        case .noExitReports:
            [
                FindingDTO(
                    "owners",
                    .warning,
                    "there are no pidfds here: an owner's exit is noticed after up to half a second, and signals are "
                        + "sent by pid",
                    remedy: "allow pidfd_open and pidfd_send_signal in the seccomp filter"
                )
            ]
        case nil: []
        }
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
        let limit = pools.contains { $0.isPoor } ? " in pools that have other ports" : ""
        return FindingDTO(check, .ok, "automatic choice avoids \(ephemeralRange)\(limit)")
    }

    private var removedDirectories: [FindingDTO] {
        servedFromRemovedDirectories.flatMap { report in
            let port = report.allocation.port
            return report.occupiersInRemovedDirectories.map { occupier in
                FindingDTO(
                    "removed directories",
                    .warning,
                    "port \(port) of \(report.allocation.identity.machineWideName) is served by "
                        + "\(Occupier.names(of: [occupier])), "
                        + "whose directory \(occupier.removedDirectory ?? "") was removed",
                    remedy: "portctl kill \(port)"
                )
            }
        }
    }

    private var conflictFindings: [FindingDTO] {
        guard listenersFault == nil || !conflicts.isEmpty else {
            return [
                FindingDTO("conflicts", .warning, "not known: the kernel does not report who listens on the ports")
            ]
        }
        guard !conflicts.isEmpty else {
            guard processLimit != .noProcessDirectory else {
                return [FindingDTO("conflicts", .warning, "unknown, because no process can be found")]
            }
            return [FindingDTO("conflicts", .ok, "no other process listens on an allocated port")]
        }
        return conflicts.map { report in
            let port = report.allocation.port
            return FindingDTO(
                "conflicts",
                .problem,
                "port \(port), which \(report.allocation.identity.machineWideName) has, is taken by "
                    + Occupier.names(of: report.occupiers),
                remedy: "to move the service: portctl port \(report.allocation.identity.commandLineWords); "
                    + "portctl who \(port) shows the process, portctl kill \(port) ends it"
            )
        }
    }
}

extension PoolUsage {
    /// The state of the pool. `freeRange` are ports that are not excluded, in a row.
    fileprivate func finding(freeRange: PortRange?) -> FindingDTO {
        let check = "pool \(face.rawValue)"
        let free = usable - allocated
        guard usable > 0 else {
            return FindingDTO(
                check,
                .problem,
                "\(pool): every port is excluded from automatic choice",
                remedy: otherRanges(freeRange)
            )
        }
        let message = "\(pool): \(free) of \(usable) usable ports are free"
        guard !isPoor else {
            return FindingDTO(
                check,
                .warning,
                "\(message), all of them in the kernel's ephemeral range or its list of reserved ports; "
                    + "they are given with a warning",
                // A few ports are no remedy for a pool.
                remedy: freeRange.map { $0.count >= 100 } ?? false
                    ? otherRanges(freeRange)
                    : "narrow the ephemeral range (net.ipv4.ip_local_port_range on Linux), then: portctl restart"
            )
        }
        guard free * 10 >= usable else {
            return FindingDTO(
                check,
                .warning,
                message,
                remedy: "widen pools.\(face.rawValue) in config.yaml, then: portctl restart; "
                    + "portctl list --all shows who has them"
            )
        }
        return FindingDTO(check, .ok, message)
    }

    private func otherRanges(_ freeRange: PortRange?) -> String {
        let example = freeRange.map { ", such as \($0)" } ?? ""
        return "give pools.\(face.rawValue) other ranges in config.yaml\(example), then: portctl restart"
    }
}
