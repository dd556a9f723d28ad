import PortAPI
import PortRegistry

extension FindingDTO {
    init(_ finding: Finding) {
        self.init(
            finding.check.name,
            Severity(finding.severity),
            finding.message,
            remedies: finding.remedies
        )
    }
}

extension FindingDTO.Severity {
    fileprivate init(_ severity: Finding.Severity) {
        switch severity {
        case .ok: self = .ok
        case .warning: self = .warning
        case .problem: self = .problem
        }
    }
}
