import PortAPI
import PortModel
import PortRegistry

extension ProjectPortsBody.Entry {
    init(_ allocation: Allocation, at now: Timestamp) {
        let owners = allocation.holds.filter { $0.owner != nil }
        let pid = (owners.last { $0.livingOwner != nil } ?? owners.last)?.owner?.pid
        let started = allocation.createdAt
        let lastSeen = allocation.lastSeen
        self.init(
            port: Int(allocation.port.number),
            project: allocation.identity.machineWideName,
            pid: pid,
            started: started.milliseconds,
            lastSeen: lastSeen.milliseconds,
            alive: allocation.isAlive,
            ageMinutes: max(0, Int(now.seconds(since: started) / 60)),
            startedAt: started.textWithMilliseconds,
            lastSeenAt: lastSeen.textWithMilliseconds
        )
    }
}
