import PortAPI
import PortModel
import PortRegistry

extension AllocationBody {
    /// The allocation without the fields that `wide` adds.
    init(_ allocation: Allocation) {
        self.init(
            id: allocation.id,
            app: allocation.identity.app,
            instance: allocation.identity.instance,
            service: allocation.identity.service,
            port: Int(allocation.port.number),
            createdAt: allocation.createdAt.text
        )
        replica = allocation.replica == 0 ? nil : allocation.replica
        group = allocation.group
        tags = allocation.details.tags.isEmpty ? nil : allocation.details.tags
        metadata = allocation.details.metadata.isEmpty ? nil : allocation.details.metadata
    }

    /// The allocation with the fields that `wide` adds, among them the time that its holds have left at `now`.
    init(_ report: AllocationReport, now: Uptime) {
        let allocation = report.allocation
        self.init(allocation)
        directory = allocation.directory
        lastSeen = allocation.lastSeen.text
        holds = allocation.holds.map { HoldDTO($0, now: now) }
        state = report.state.rawValue
        verdict = report.verdict.verdict.rawValue
        reason = report.verdict.deciding?.reason.text
        actualPort = report.actualPort.map { Int($0.number) }
        occupiers =
            report.occupiers.isEmpty ? nil : report.occupiers.map(ProcessDTO.init).adding(report.verdict)
        requestedByPID = allocation.requestedByPID
    }

    /// Returns the body of an allocation that has ended, with its directory, which tells whose it was.
    static func ended(_ allocation: Allocation) -> AllocationBody {
        var body = AllocationBody(allocation)
        body.directory = allocation.directory
        return body
    }

    /// The granted allocation with its warnings.
    init(_ grant: Grant) {
        self.init(grant.allocation)
        warnings = grant.warnings.isEmpty ? nil : grant.warnings
        remedies = [RemedyDTO](grant.remedies)
        mark = grant.mark?.description
        variables = grant.variables
    }
}
