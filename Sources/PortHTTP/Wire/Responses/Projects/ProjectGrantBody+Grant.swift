import PortAPI
import PortModel
import PortRegistry

extension ProjectGrantBody {
    /// `preferred` is the port that the request preferred, for the message.
    init(_ grant: Grant, preferred: Port?) {
        let port = grant.allocation.port
        let message =
            switch grant.outcome {
            case .existing: "existing assignment renewed"
            case .new where port == preferred: "assigned preferred port"
            case .new, .moved: "port assigned successfully"
            }
        self.init(
            port: Int(port.number),
            message: message,
            existing: grant.outcome == .existing,
            warnings: grant.warnings.isEmpty ? nil : grant.warnings
        )
    }
}
