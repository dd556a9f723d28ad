import Foundation
import PortManager
import PortTestSupport

/// A registry's file in a directory of its own, and 20 ports that no other test uses.
final class TemporaryRegistry: Sendable {
    private let temporary: TemporaryDirectory
    private let block: PortBlock

    init() throws {
        _ = Self.home
        temporary = try TemporaryDirectory()
        // Above the kernel's ephemeral range.
        block = try PortBlock(of: 20, in: 61_050...65_449)
    }

    var directory: String { temporary.root }
    var path: String { temporary.path("registry.db") }
    var firstPort: Int { block.first }
    var ports: ClosedRange<Int> { block.ports }

    /// Returns a manager of this registry that chooses from ``ports``.
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
        let python = try ChildProcess("python3", ["-c", source, path, statement])
        guard python.wait() == 0 else { throw CannotEdit(statement: statement) }
    }

    private struct CannotEdit: Error {
        let statement: String
    }

    /// PORT_SERVER_HOME of the whole test process, so that no test uses the user's own home.
    static let home: String = {
        setenv("PORT_SERVER_HOME", directoryOfHome.root, 1)
        atexit { try? FileManager.default.removeItem(atPath: TemporaryRegistry.home) }
        return directoryOfHome.root
    }()

    private static let directoryOfHome = try! TemporaryDirectory()
}

/// Returns the error that `body` throws; `nil` when it throws nothing.
func refusal(_ body: () async throws -> Void) async -> PortManagerError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? PortManagerError
    }
}
