import PortManager

/// A program that embeds the registry, beside others on the same file: `registry-embedder allocate APP COUNT FROM TO`
/// prints `APP/default/sN PORT` for each allocation that was acknowledged, `registry-embedder list` every allocation,
/// and `registry-embedder own PID` allocates a port that the process owns.
@main
struct RegistryEmbedder {
    static func main() async throws {
        let arguments = CommandLine.arguments
        let manager = try PortManager()
        switch arguments[1] {
        case "allocate":
            manager.range = Int(arguments[4])!...Int(arguments[5])!
            for number in 0..<Int(arguments[3])! {
                let metadata = ["app": arguments[2], "role": "s\(number)"]
                print("\(arguments[2])/default/s\(number)", try await manager.allocate(metadata: metadata))
            }
        case "own": print(try await manager.allocate(lifetime: .process(Int32(arguments[2])!)))
        case "list": for allocation in try await manager.listAllocations() { print(allocation.name, allocation.port) }
        default: fatalError("unknown command")
        }
    }
}

extension PortAllocation {
    fileprivate var name: String {
        let parts = [("app", "unnamed"), ("worktree", "default"), ("role", "port")]
        return parts.map { metadata[$0.0]?.text ?? $0.1 }.joined(separator: "/")
    }
}
