import Foundation
import PortManager
import Synchronization

/// A registry's file in a directory that goes with this value, and 20 ports that no other test uses now.
final class TemporaryRegistry: Sendable {
    let directory: String
    let firstPort: Int

    /// Above the kernel's ephemeral range, and above what the integration tests listen on.
    private static let blocks = Atomic<Int>(Int.random(in: 0..<220))

    init() throws {
        _ = Self.home
        directory = try Self.makeDirectory()
        firstPort = 61_050 + Self.blocks.add(1, ordering: .relaxed).newValue % 220 * 20
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    var path: String { "\(directory)/registry.db" }
    var ports: ClosedRange<Int> { firstPort...firstPort + 19 }

    /// A manager of this registry that chooses from ``ports``.
    func manager() throws -> PortManager { try PortManager(registryPath: path, range: ports) }

    /// Changes what is stored, as another program may do.
    func edit(_ statement: String) throws {
        let source = """
            import sqlite3, sys
            database = sqlite3.connect(sys.argv[1])
            database.execute("PRAGMA foreign_keys = ON")
            assert database.execute(sys.argv[2]).rowcount > 0
            database.commit()
            """
        let python = Process()
        python.executableURL = URL(filePath: "/usr/bin/env")
        python.arguments = ["python3", "-c", source, path, statement]
        try python.run()
        python.waitUntilExit()
        guard python.terminationStatus == 0 else { throw CannotEdit(statement: statement) }
    }

    private struct CannotEdit: Error {
        let statement: String
    }

    /// PORT_SERVER_HOME for the whole test process, so that nothing is the user's own.
    static let home: String = {
        let directory = try! makeDirectory()
        setenv("PORT_SERVER_HOME", directory, 1)
        atexit { try? FileManager.default.removeItem(atPath: TemporaryRegistry.home) }
        return directory
    }()

    private static func makeDirectory() throws -> String {
        let url = FileManager.default.temporaryDirectory.appending(path: "pct-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(
            at: url,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        return url.resolvingSymlinksInPath().path
    }
}

/// What `body` throws; `nil` when it throws nothing.
func refusal(_ body: () async throws -> Void) async -> PortManagerError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? PortManagerError
    }
}
