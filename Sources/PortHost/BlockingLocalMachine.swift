import PortModel
import PortRegistry
import PortSystem

/// This machine's sockets and processes, read from the kernel for one question.
struct BlockingLocalMachine: BlockingMachine {
    let machine: any LocalMachine
    private let projects = DetectedProjects()

    init(machine: any LocalMachine) { self.machine = machine }

    var protectedProcesses: [Int32: ProtectedProcess] { machine.protectedProcesses }

    /// Takes a ``SocketSnapshot``.
    func heldPorts() -> any HeldPorts { SocketSnapshot.take() }

    /// Takes a ``SocketSnapshot`` of UDP sockets.
    func heldUDPPorts() -> any HeldPorts { SocketSnapshot.takeUDP() }

    /// Reads the ``ListenerTable``. Throws `system_unavailable`.
    func listeningSockets(on port: Port) throws(RegistryError) -> [UInt32] {
        do { return try ListenerTable.sockets(on: port) } catch { throw .listenersUnavailable(error) }
    }

    /// Reads the ``ListenerTable``. Throws `system_unavailable`.
    func listeningSockets() throws(RegistryError) -> [UInt32: Port] {
        do { return try ListenerTable.sockets() } catch { throw .listenersUnavailable(error) }
    }

    /// Reads the ``ListenerTable`` and the processes behind it. Throws `system_unavailable`.
    func listeners(on ports: Set<Port>?, fresh: Bool) throws(RegistryError) -> [Listener] {
        do {
            return try ListenerTable.listeners(on: ports, fresh: fresh).map(projects.addingPlaces)
        } catch {
            throw .listenersUnavailable(error)
        }
    }

    /// Reads the ``UDPTable`` and the processes behind it. Throws `system_unavailable`.
    func udpSockets(on ports: Set<Port>?) throws(RegistryError) -> [Listener] {
        do {
            return try UDPTable.sockets(on: ports).map(projects.addingPlaces)
        } catch {
            throw .listenersUnavailable(error)
        }
    }

    /// Reads the ``ListenerTable``. Throws `system_unavailable`.
    func uses(of port: Port) throws(RegistryError) -> [PortUse] {
        do { return try ListenerTable.uses(of: port) } catch { throw .listenersUnavailable(error) }
    }

    /// Detects the project with ``ProjectDetector``; `nil` for the root directory, in which daemons run.
    func project(around directory: String) -> Project? {
        guard directory != "/" else { return nil }
        return projects.project(at: directory)
    }

    /// Reads the directory with stat(2), and the git checkout around it.
    func directoryState(_ path: String) -> DirectoryState { projects.state(of: path) }

    /// Reads the system's lists of users: ``Person``.
    func isAnotherPerson(_ userID: UInt32) -> Bool { Person.isAnother(userID) }

    /// Compares the directories of both with stat(2).
    func isDirectory(_ path: String, of pid: Int32) -> Bool { Directory.exists(path, asWorkingDirectoryOf: pid) }

    /// Reads the ``ProcessLineage``.
    func lineage(of pids: [Int32]) -> Set<Int32> { ProcessLineage.pids(of: pids) }

    /// Sends an ``OccupierSignal``.
    func signal(_ occupier: Occupier, holding sockets: Set<UInt32>, kill: Bool) -> SignalOutcome {
        OccupierSignal.send(to: occupier, holding: sockets, kill: kill)
    }
}

extension SocketSnapshot: HeldPorts {}

extension RegistryError {
    /// Returns the refusal for a kernel that did not answer, which does not mean that no process listens.
    fileprivate static func listenersUnavailable(_ error: SystemError) -> RegistryError {
        RegistryError(
            .systemUnavailable,
            "the listening sockets cannot be read: \(error)",
            remedies: [.advice("run port-server outside the sandbox, or retry")]
        )
    }
}
