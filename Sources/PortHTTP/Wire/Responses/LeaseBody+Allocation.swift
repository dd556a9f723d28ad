import PortAPI
import PortModel
import PortRegistry

extension LeaseBody {
    init(_ allocation: Allocation) {
        self.init(
            port: Int(allocation.port.number),
            serviceName: allocation.identity.machineWideName,
            allocatedAt: allocation.createdAt.text,
            lastHeartbeat: allocation.lastSeen.text,
            ttlSeconds: allocation.ttl,
            tags: allocation.details.tags
        )
    }
}
