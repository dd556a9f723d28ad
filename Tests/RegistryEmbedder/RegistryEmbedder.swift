import PortModel
import PortRegistry
import PortStore
import PortSystem

/// Allocates without the daemon, as a program that embeds the registry does, beside others on the same file:
/// `registry-embedder DATABASE APP COUNT`. Prints `APP/main/sN PORT` for each allocation that was acknowledged.
@main
struct RegistryEmbedder {
    struct Machine: PortRegistry.Machine {
        func heldPorts() -> any HeldPorts { SocketSnapshot.take() }

        func folderExists(_ path: String) -> Bool { CurrentProcess.folderExists(path) }

        func uptime() -> Uptime { SystemClock.uptime }

        func owner(pid: Int32, seenBy asker: Int32?) -> OwnerLookup { ProcessOwner.look(up: pid, seenBy: asker) }

        func committed(_ owners: OwnerSet) {}

        func exited(of owners: OwnerSet) -> Set<Owner> { Set(owners.all.filter(ProcessOwner.hasExited)) }

        func hasNewExits() -> Bool { true }

        func listeningSockets(on port: Port) -> [UInt32] { ListenerTable.sockets(on: port) }

        var ownPID: Int32 { CurrentProcess.pid }

        func signal(_ occupier: Occupier, holding sockets: Set<UInt32>, kill: Bool) -> SignalOutcome {
            OccupierSignal.send(to: occupier, holding: sockets, kill: kill)
        }

        func project(around folder: String) -> FolderProject? { nil }

        func listeners(on ports: Set<Port>?) -> [Listener] { ListenerTable.listeners(on: ports) }
    }

    static func main() async throws {
        let arguments = CommandLine.arguments
        let local = LocalPorts.read()
        let registry = Registry(
            store: try SQLiteStore(path: arguments[1]),
            machine: Machine(),
            settings: RegistrySettings(
                exclusions: .standard(
                    firstUnprivileged: local.firstUnprivileged,
                    ephemeral: local.ephemeral,
                    reserved: local.reserved,
                    systemServices: local.systemServices,
                    ownPorts: [],
                    configured: PortSet()
                )
            )
        )
        let asker = Asker(face: .registry, caller: "pid \(CurrentProcess.pid)")
        for number in 0..<Int(arguments[3])! {
            let grant = try await registry.allocate(
                AllocationRequest(
                    identity: ServiceIdentity(app: arguments[2], instance: "main", service: "s\(number)")
                ),
                by: asker
            )
            print(grant.allocation.identity, grant.allocation.port)
        }
    }
}

extension SocketSnapshot: HeldPorts {}
