import Foundation
import PortManager
import Testing

@Suite struct RegistryFileTests {
    private let registry = try! TemporaryRegistry()
    private let files = FileManager.default

    private func opening(_ path: String) async -> PortManagerError? {
        await refusal { _ = try PortManager(registryPath: path) }
    }

    @Test func missingFileIsCreated() throws {
        _ = try registry.manager()
        #expect(files.fileExists(atPath: registry.path))
    }

    @Test func directoryIsRefused() async {
        let error = await opening(registry.directory)
        #expect(error?.code == "insecure_path" && error?.message.contains(registry.directory) == true)
    }

    @Test func symbolicLinkIsRefused() async throws {
        _ = try registry.manager()
        let link = "\(registry.directory)/link"
        try files.createSymbolicLink(atPath: link, withDestinationPath: registry.path)
        #expect(await opening(link)?.code == "insecure_path")
        let dangling = "\(registry.directory)/dangling"
        try files.createSymbolicLink(atPath: dangling, withDestinationPath: "\(registry.directory)/none")
        #expect(await opening(dangling)?.code == "insecure_path")
        #expect(!files.fileExists(atPath: "\(registry.directory)/none"))
    }

    @Test func fileInAMissingDirectoryIsRefused() async {
        let error = await opening("\(registry.directory)/missing/registry.db")
        #expect(error?.code == "insecure_path" && error?.message.contains("missing/registry.db") == true)
        #expect(!files.fileExists(atPath: "\(registry.directory)/missing"))
    }

    @Test func fileThatIsNotARegistryIsRefusedUnchanged() async throws {
        let text = String(repeating: "not a registry\n", count: 1000)
        try text.write(toFile: registry.path, atomically: false, encoding: .utf8)
        #expect(await opening(registry.path)?.code == "storage_failed")
        #expect(try String(contentsOfFile: registry.path, encoding: .utf8) == text)
    }

    @Test func allocationFailsOnceTheFileIsRemoved() async throws {
        let manager = try registry.manager()
        _ = try await manager.allocate()
        try files.removeItem(atPath: registry.path)
        #expect(await refusal { _ = try await manager.allocate() }?.code == "storage_failed")
    }
}
