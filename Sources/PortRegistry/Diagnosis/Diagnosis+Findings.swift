import PortModel

extension Diagnosis {
    /// The results of all checks, in the order in which they are shown.
    package var findings: [Finding] {
        [database] + predecessors + [listeners] + owners + [ephemeral]
            + pools.map { $0.finding(freeRange: freeRange) } + conflictFindings + removedDirectories
    }

    private var database: Finding {
        guard let first = databaseFaults.first else {
            guard let writingFault else { return Finding(.database, .ok, "intact, readable and writable") }
            return Finding(.database, .problem, writingFault.message, writingFault.remedies)
        }
        return Finding(
            .database,
            .problem,
            "damaged: \(first)",
            [.restart(.recoverDatabase)]
        )
    }

    private var predecessors: [Finding] {
        damagedPredecessors.map { path in
            Finding(
                .database,
                .warning,
                "recovered from a damaged database, which is still there: \(path)",
                [.checkRecovery(damaged: path)]
            )
        }
    }

    private var listeners: Finding {
        guard let listenersFault else { return Finding(.listeners, .ok, "the kernel reports who listens") }
        return Finding(
            .listeners,
            .problem,
            listenersFault.message,
            [.advice("run port-server outside the sandbox, or raise its limit of open files")]
        )
    }

    /// Nothing in the usual case.
    private var owners: [Finding] {
        switch processLimit {
        case .noProcessDirectory:
            [
                Finding(
                    .owners,
                    .problem,
                    "/proc is not mounted: no owner and no process behind a port can be found",
                    [.advice("mount -t proc proc /proc, or run port-server where it is mounted")]
                )
            ]
        case .noExitReports:
            [
                Finding(
                    .owners,
                    .warning,
                    "there are no pidfds here: an owner's exit is noticed after up to half a second, and signals are "
                        + "sent by pid",
                    [.advice("allow pidfd_open and pidfd_send_signal in the seccomp filter")]
                )
            ]
        case nil: []
        }
    }

    private var ephemeral: Finding {
        let check = Finding.Check.ephemeralRange
        guard let ephemeralRange else {
            return Finding(check, .warning, "the kernel does not report its range of ephemeral ports")
        }
        guard ephemeralRange == excludedRange else {
            return Finding(
                check,
                .warning,
                "the kernel uses \(ephemeralRange) now; when the daemon started it used "
                    + (excludedRange?.description ?? "an unknown range"),
                [.restart(.readEphemeralRange)]
            )
        }
        let limit = pools.contains { $0.isPoor } ? " in pools that have other ports" : ""
        return Finding(check, .ok, "automatic choice avoids \(ephemeralRange)\(limit)")
    }

    private var removedDirectories: [Finding] {
        servedFromRemovedDirectories.flatMap { report in
            let port = report.allocation.port
            return report.occupiersInRemovedDirectories.map { occupier in
                Finding(
                    .removedDirectories,
                    .warning,
                    "port \(port) of \(report.allocation.identity.machineWideName) is served by "
                        + "\(Occupier.names(of: [occupier])), "
                        + "whose directory \(occupier.removedDirectory ?? "") was removed",
                    [.kill(port, pid: occupier.pid)]
                )
            }
        }
    }

    private var conflictFindings: [Finding] {
        guard listenersFault == nil || !conflicts.isEmpty else {
            return [
                Finding(.conflicts, .warning, "not known: the kernel does not report who listens on the ports")
            ]
        }
        guard !conflicts.isEmpty else {
            guard processLimit != .noProcessDirectory else {
                return [Finding(.conflicts, .warning, "unknown, because no process can be found")]
            }
            return [Finding(.conflicts, .ok, "no other process listens on an allocated port")]
        }
        return conflicts.map { report in
            let port = report.allocation.port
            return Finding(
                .conflicts,
                .problem,
                "port \(port), which \(report.allocation.identity.machineWideName) has, is taken by "
                    + Occupier.names(of: report.occupiers),
                [
                    .move(report.allocation.identity), .showListeners(port),
                    .kill(port, pid: report.occupiers.count == 1 ? report.occupiers[0].pid : nil),
                ]
            )
        }
    }
}

extension PoolUsage {
    /// The state of the pool. `freeRange` are ports that are not excluded, in a row.
    fileprivate func finding(freeRange: PortRange?) -> Finding {
        let check = Finding.Check.pool(face)
        let free = usable - allocated
        guard usable > 0 else {
            return Finding(
                check,
                .problem,
                "\(pool): every port is excluded from automatic choice",
                otherRanges(freeRange)
            )
        }
        let message = "\(pool): \(free) of \(usable) usable ports are free"
        guard !isPoor else {
            return Finding(
                check,
                .warning,
                "\(message), all of them in the kernel's ephemeral range or its list of reserved ports; "
                    + "they are given with a warning",
                freeRange.map { $0.count >= Self.usefulGap } ?? false
                    ? otherRanges(freeRange)
                    : [
                        .advice("narrow the ephemeral range (net.ipv4.ip_local_port_range on Linux)"),
                        .restart(.readEphemeralRange),
                    ]
            )
        }
        // Less than a tenth.
        guard free * 10 >= usable else {
            return Finding(
                check,
                .warning,
                message,
                [
                    .changeSetting(setting, "widen \(setting) in config.yaml"), .restart(.readConfiguration),
                    .listAllocations,
                ]
            )
        }
        return Finding(check, .ok, message)
    }

    /// A few ports are no remedy for a pool: this many are.
    private static let usefulGap = 100

    private var setting: String { "pools.\(face.rawValue)" }

    private func otherRanges(_ freeRange: PortRange?) -> [Remedy] {
        let example = freeRange.map { ", such as \($0)" } ?? ""
        return [
            .changeSetting(setting, "give \(setting) other ranges in config.yaml\(example)"),
            .restart(.readConfiguration),
        ]
    }
}
