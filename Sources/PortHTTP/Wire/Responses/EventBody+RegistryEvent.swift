import PortAPI
import PortModel
import PortRegistry

extension EventBody {
    init(_ event: RegistryEvent, now: Uptime) {
        let at = event.at.textWithMilliseconds
        switch event.kind {
        case .journal(let entry):
            self.init(type: entry.action.rawValue, at: at)
            service = entry.identity?.description
            face = entry.caller.face.rawValue
            caller = entry.caller.name
            reason = entry.reason
        case .renewed(let allocation):
            self.init(type: "renewed", at: at)
            service = allocation.identity.description
        case .listenerAppeared(let report):
            self.init(type: "listener_appeared", at: at)
            listener = ListenerBody(report, now: now)
        case .listenerGone:
            self.init(type: "listener_gone", at: at)
        }
        port = event.port.map { Int($0.number) }
        allocation = event.allocation.map { AllocationBody($0, now: now) }
    }
}
