import PortAPI
import PortModel
import PortRegistry

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension ProjectPortsBody.Entry {
    init(_ allocation: Allocation, at now: Date) {
        let owners = allocation.holds.filter { $0.owner != nil }
        let pid = (owners.last { $0.livingOwner != nil } ?? owners.last)?.owner?.pid
        let started = allocation.createdAt
        let lastSeen = allocation.lastSeen
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        self.init(
            port: Int(allocation.port.number),
            project: allocation.identity.machineWideName,
            pid: pid,
            started: started.milliseconds,
            lastSeen: lastSeen.milliseconds,
            alive: allocation.isAlive,
            ageMinutes: max(0, Int(now.timeIntervalSince(started) / 60)),
            startedAt: started.middleOfMillisecond.formatted(style),
            lastSeenAt: lastSeen.middleOfMillisecond.formatted(style)
        )
    }
}

extension Date {
    /// The middle of this date's millisecond. The formatter truncates to milliseconds, and a date that lies on the
    /// boundary of one may be rounded into the millisecond before it.
    fileprivate var middleOfMillisecond: Date { Date(timeIntervalSince1970: (Double(milliseconds) + 0.5) / 1000) }
}
