import PortAPI
import PortRegistry

extension WaitBody {
    init(_ wait: ServiceWait) {
        self.init(
            status: wait.status.rawValue,
            services: wait.services.map { service in
                var body = WaitedServiceBody(name: service.name, status: service.status.rawValue)
                body.port = service.verdict.map(PortVerdictBody.init)
                body.ownerPID = service.owner
                body.exitedPID = service.exited
                return body
            }
        )
    }
}
