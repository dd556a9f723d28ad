import PortModel

/// What the registry knows about the processes that listen, beside the service that is asked for: whose owners they
/// descend from, and whose directories they work in.
struct Neighbours: Sendable {
    var registry = ""
    var owners: [Int32: Set<Int64>] = [:]
    var recordedDirectories: Set<String> = []

    /// Nothing is known.
    init() {}

    /// Reads what concerns `listeners`.
    init(of listeners: [Listener], reading: any RegistryReading) throws {
        let occupiers = listeners.flatMap(\.occupiers)
        guard !occupiers.isEmpty else { return }
        owners = try reading.allocationsOwned(by: Set(occupiers.flatMap { [$0.pid] + $0.ancestors }))
        let paths = occupiers.compactMap(\.place).flatMap { $0.directories.map(\.path) }
        recordedDirectories = try reading.recordedDirectories(among: Set(paths))
        if occupiers.contains(where: { $0.mark != nil }) { registry = try reading.registryID() }
    }
}
