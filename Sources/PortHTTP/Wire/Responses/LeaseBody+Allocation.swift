import PortAPI
import PortModel
import PortRegistry

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension LeaseBody {
    init(_ allocation: Allocation) {
        self.init(
            port: Int(allocation.port.number),
            serviceName: allocation.identity.machineWideName,
            allocatedAt: allocation.createdAt.formatted(.iso8601),
            lastHeartbeat: allocation.lastSeen.formatted(.iso8601),
            ttlSeconds: allocation.ttl,
            tags: allocation.details.tags
        )
    }
}
