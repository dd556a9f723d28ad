import ArgumentParser
import PortSystem

/// The executable's names; it does what the one says that it was called by.
package enum Program: String, CaseIterable, Sendable {
    case portctl
    case getPort = "get-port"
    case releasePort = "release-port"
    case listPorts = "list-ports"
    case portManager = "port-manager"

    /// What this process was called by; `portctl` for any other name.
    static let current: Program = {
        let path = CommandLine.arguments.first ?? ""
        return Program(rawValue: path.split(separator: "/").last.map(String.init) ?? "") ?? .portctl
    }()

    var command: any ParsableCommand.Type {
        switch self {
        case .portctl: Portctl.self
        case .getPort: GetPort.self
        case .releasePort: ReleasePort.self
        case .listPorts: ListPorts.self
        case .portManager: PortManagerCommand.self
        }
    }
}
