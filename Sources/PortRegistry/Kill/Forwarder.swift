package import PortModel

/// A program that listens for others: for containers, for another machine, or for a unit that is not started yet.
/// Ending it does not end the server, but may end much else.
package enum Forwarder: Hashable, Sendable {
    /// A service manager that holds the sockets of its units.
    case serviceManager(isSystem: Bool)
    /// A socket's proxy of systemd, which is a unit of its own.
    case serviceProxy
    /// A process of Docker, or of another engine of that kind.
    case docker
    /// A process of Podman.
    case podman
    /// A container runtime or its shim.
    case containerRuntime
    /// A client that forwards ports of this machine over SSH.
    case sshClient
    /// The session of an SSH server, which forwards ports to its client.
    case sshServer
    /// `kubectl port-forward` or `kubectl proxy`.
    case kubectl

    /// Recognizes a process by its name and the name of its program; `nil` for a server of its own.
    package init?(_ process: Occupier) {
        // A program that starts itself through /proc/self/exe is called "exe"; its first argument is its name.
        let program = process.commandLine.first.map { Self.lastComponent(of: $0) } ?? ""
        let found = [process.name, program].lazy.compactMap { Self.known(name: $0, of: process) }.first
        guard let found else { return nil }
        self = found
    }

    private static func known(name: String, of process: Occupier) -> Forwarder? {
        switch name {
        case "systemd" where process.pid == 1: .serviceManager(isSystem: true)
        // The manager of a user, which process 1 started.
        case "systemd" where process.ancestors.isEmpty: .serviceManager(isSystem: false)
        case "systemd-socket-proxyd", "systemd-socket-": .serviceProxy
        case "docker-proxy", "rootlesskit", "dockerd", "vpnkit-bridge", "OrbStack Helper": .docker
        case "rootlessport", "rootlessport-child", "rootlessport-ch", "gvproxy", "slirp4netns", "pasta", "passt",
            "pasta.avx2", "passt.avx2", "conmon":
            .podman
        case "containerd": .containerRuntime
        case "ssh": .sshClient
        case "sshd", "sshd-session", "sshd-auth": .sshServer
        case "kubectl": .kubectl
        // The kernel shortens names to 15 bytes, and sshd changes its first argument to "sshd: user".
        case _ where name.hasPrefix("containerd-shim"): .containerRuntime
        case _ where name.hasPrefix("sshd: "): .sshServer
        case _ where name.hasPrefix("com.docker."): .docker
        default: nil
        }
    }

    private static func lastComponent(of path: String) -> String {
        // The title of a session, "sshd: user@pts/0", is no path.
        guard !path.contains(": ") else { return path }
        return path.split(separator: "/").last.map(String.init) ?? path
    }

    /// What the process does, as the end of a sentence about it.
    var description: String {
        switch self {
        case .serviceManager(isSystem: true): "holds the socket for a unit, and the system depends on it"
        case .serviceManager(isSystem: false): "holds the socket for a unit, and the user's session depends on it"
        case .serviceProxy: "forwards the port for a unit of systemd"
        case .docker, .podman: "forwards the port to a container, and others may depend on it"
        case .containerRuntime: "runs containers, which depend on it"
        case .sshClient: "forwards the port over an SSH connection, which would end"
        case .sshServer: "forwards the port to the client of an SSH session, which would end"
        case .kubectl: "forwards the port to a cluster"
        }
    }

    /// What to do instead.
    package func remedy(for port: Port, pid: Int32) -> Remedy {
        switch self {
        case .serviceManager(let isSystem): .stopUnit(pid: pid, of: isSystem ? .system : .user)
        case .serviceProxy: .stopUnit(pid: pid, of: .either)
        case .docker: .stopContainer(port, engine: .docker)
        case .podman: .stopContainer(port, engine: .podman)
        case .containerRuntime: .stopContainer(port, engine: .runtime)
        case .sshClient:
            .advice("ps -o args= -p \(pid) shows which connection; kill \(pid) ends it, with all it forwards")
        case .sshServer: .advice("ps -o args= -p \(pid) shows which session; end it at its client")
        case .kubectl: .advice("ps -o args= -p \(pid) shows to what; kill \(pid) ends it, with all it forwards")
        }
    }
}
