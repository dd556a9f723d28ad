import PortManager

// The argument is the registry's file, which is created if it is missing. The default is the registry of portctl.
let manager = try PortManager(registryPath: CommandLine.arguments.dropFirst().first)

let port = try await manager.acquirePort(3000, 100)
print("acquired \(port)")

let api = try await manager.allocate(metadata: ["app": "shop", "worktree": "main", "role": "api"])
print("allocated \(api)")

let group = try await manager.allocateGroup(2, roles: ["frontend", "backend"], metadata: ["app": "miyabi"])
for member in group.members {
    print("allocated \(member.port) for the group's \(member.role)")
}

for app in try await manager.groupedPorts() {
    for worktree in app.worktrees {
        for port in worktree.ports {
            print("listed \(app.app)/\(worktree.worktree)/\(port.role) \(port.port) \(port.state)")
        }
    }
}

try await manager.releaseGroup(group.id)
for port in [port, api] {
    try await manager.release(port)
    print("released \(port)")
}
print("\(try await manager.listAllocations().count) allocations left")
