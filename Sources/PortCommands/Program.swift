import ArgumentParser
import PortAPI
import PortSystem

/// The names of the executable. The name it is started with selects the command line.
package enum Program: String, CaseIterable, Sendable {
    case portctl
    case getPort = "get-port"
    case releasePort = "release-port"
    case listPorts = "list-ports"
    case portManager = "port-manager"

    /// The name that this process was started with; `portctl` for any other name.
    static let current: Program = {
        let path = CommandLine.arguments.first ?? ""
        return Program(rawValue: path.split(separator: "/").last.map(String.init) ?? "") ?? .portctl
    }()

    /// The root command of the program.
    var command: any ParsableCommand.Type {
        switch self {
        case .portctl: Portctl.self
        case .getPort: GetPort.self
        case .releasePort: ReleasePort.self
        case .listPorts: ListPorts.self
        case .portManager: PortManagerCommand.self
        }
    }

    /// What `--version` prints.
    var version: String { "\(rawValue) \(BuildInformation.version)" }
}
