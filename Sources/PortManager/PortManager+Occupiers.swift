import PortModel
import PortRegistry

extension PortManager {
    /// Returns the process that listens on the port, or one of them if there are several. If none listens but a socket
    /// uses the port, returns the process of that: ``probe(_:)`` says that the port is in use. Otherwise `nil`.
    ///
    /// Throws ``PortManagerError``: `system_unavailable` when the kernel does not report its sockets.
    public func detectOccupier(_ port: Int) async throws(PortManagerError) -> PortOccupier? {
        try await mappingErrors { () async throws(RegistryError) in
            let port = try Port(checking: port)
            if let occupancy = try await registry.occupancy(of: port) {
                return PortOccupier(occupancy.occupiers.first, on: port)
            }
            guard await registry.isInUse(port) else { return nil }
            let uses = try await registry.uses(of: port)
            return PortOccupier(uses.lazy.compactMap(\.occupiers.first).first, on: port)
        }
    }

    /// Ends the process that listens on the port, and returns once the port is closed.
    ///
    /// The process gets SIGTERM, and with `force` SIGKILL if it still listens after three seconds.
    ///
    /// Throws ``PortManagerError``: `protected_process` for a process that is never killed, such as another user's
    /// process, this program, its ancestors, the daemon, or a program that listens for others, such as docker-proxy;
    /// `occupier_unknown` or `several_occupiers` when it is not certain which process to end; `still_listening` when
    /// the port is not closed afterwards.
    @discardableResult
    public func killOccupier(_ port: Int, force: Bool = false) async throws(PortManagerError) -> KillResult {
        try await mappingErrors { () async throws(RegistryError) in
            do throws(RegistryError) {
                let kill = try await registry.kill(port: try Port(checking: port), pid: nil, force: force, by: caller)
                return KillResult(
                    killed: true,
                    pid: kill.target.pid,
                    processName: kill.target.name,
                    otherPorts: kill.otherPorts.map { Int($0.number) }
                )
            } catch {
                guard error.code == .notListening else { throw error }
                return KillResult(killed: false, pid: nil, processName: nil, otherPorts: [])
            }
        }
    }
}
