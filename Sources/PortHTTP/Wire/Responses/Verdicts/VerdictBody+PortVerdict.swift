import PortAPI
import PortModel
import PortRegistry

extension VerdictBody {
    init(_ verdicts: [PortVerdict]) {
        self.init(verdict: PortVerdict.combined(verdicts).rawValue, ports: verdicts.map(PortVerdictBody.init))
    }
}

extension PortVerdictBody {
    init(_ verdict: PortVerdict) {
        self.init(
            port: Int(verdict.port.number),
            verdict: verdict.verdict.verdict.rawValue,
            reason: verdict.verdict.deciding?.reason.text,
            listeners: verdict.verdict.listeners.map { ListenerVerdictBody($0, projects: verdict.projects) }
        )
        actualPort = verdict.actualPort.map { Int($0.number) }
        (app, instance, service) = (verdict.identity?.app, verdict.identity?.instance, verdict.identity?.service)
    }
}

extension ListenerVerdictBody {
    init(_ verdict: ListenerVerdict, projects: [String: Project]) {
        self.init(
            port: Int(verdict.listener.port.number),
            address: verdict.listener.address,
            userID: verdict.listener.userID,
            verdict: verdict.verdict.rawValue,
            reason: verdict.reason.text
        )
        process = verdict.process.map { occupier in
            var process = ProcessDTO(occupier)
            process.age = occupier.age
            return process
        }
        project = verdict.process?.directory.flatMap { projects[$0] }.map { "\($0.app)/\($0.instance)" }
    }
}
