import Foundation
import PortManager
import PortTestSupport
import Testing

/// PortManager's ports by app and worktree, and its tree of ports.
@Suite struct AppPortsTests {
    private let registry = try! TemporaryRegistry()

    @Test func portsAreFoundByAppAndWorktree() async throws {
        let manager = try registry.manager()
        let ui = try await manager.allocate(metadata: ["app": "miyabi", "worktree": "feature/ui", "role": "web"])
        let main = try await manager.allocate(metadata: ["app": "miyabi", "worktree": "main"])
        let other = try await manager.allocate(metadata: ["app": "shop", "worktree": "main"])
        _ = try await manager.allocate()
        #expect(try await manager.ports(ofApp: "miyabi").map(\.port) == [ui, main])
        #expect(try await manager.ports(ofApp: "miyabi", worktree: "feature/ui").map(\.port) == [ui])
        #expect(try await manager.ports(ofApp: "miyabi", worktree: "none").isEmpty)
        #expect(try await manager.ports(ofApp: "none").isEmpty)
        #expect(try await manager.ports(ofWorktree: "main").map(\.port) == [main, other])
    }

    @Test func treeGroupsPortsByAppWorktreeAndRole() async throws {
        let manager = try registry.manager()
        for worktree in ["main", "feature/ui"] {
            let metadata = ["app": "miyabi", "worktree": worktree]
            _ = try await manager.allocateGroup(3, roles: ["test", "backend", "frontend"], metadata: metadata)
        }
        let port = try await manager.allocate(metadata: ["app": "a"])
        let tree = try await manager.groupedPorts()
        #expect(tree.map(\.app) == ["a", "miyabi"])
        try #require(tree.count == 2 && tree[0].worktrees.count == 1)
        #expect(tree[0].worktrees[0].ports.map(\.port) == [port])
        #expect(tree[1].worktrees.map(\.worktree) == ["feature/ui", "main"])
        for worktree in tree[1].worktrees {
            #expect(worktree.ports.map(\.role) == ["backend", "frontend", "test"])
            #expect(worktree.ports.allSatisfy { $0.state == .reserved && $0.occupier == nil })
        }
    }

    @Test func treeShowsTheStateAndOccupierOfEachPort() async throws {
        let manager = try registry.manager()
        let (owner, gone) = (try OtherProgram.waiting(), try OtherProgram.waiting())
        defer { for program in [owner, gone] { program.end() } }
        func allocate(_ role: String, _ lifetime: PortManager.Lifetime = .untilReleased) async throws -> Int {
            try await manager.allocate(metadata: ["app": "shop", "role": role], lifetime: lifetime)
        }
        _ = try await allocate("reserved")
        // The test process listens on all other ports.
        let sockets = [
            try ListeningSocket(on: try await allocate("active")),
            try ListeningSocket(on: try await allocate("conflict", .process(owner.pid))),
            try ListeningSocket(on: try await allocate("lingering", .process(gone.pid))),
        ]
        defer { for socket in sockets { socket.end() } }
        gone.end()
        let tree = try await manager.groupedPorts()
        try #require(tree.count == 1 && tree[0].worktrees.count == 1)
        let ports = tree[0].worktrees[0].ports
        #expect(ports.map(\.role) == ["active", "conflict", "lingering", "reserved"])
        #expect(ports.map(\.state) == [.active, .conflict, .lingering, .reserved])
        #expect(ports.prefix(3).map(\.port) == sockets.map(\.port))
        let me = ProcessInfo.processInfo.processIdentifier
        #expect(ports.map(\.occupier?.pid) == [me, me, me, nil])
    }
}
