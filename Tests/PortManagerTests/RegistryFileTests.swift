import Foundation
import PortManager
import Testing

@Suite struct RegistryFileTests {
    private let registry = try! TemporaryRegistry()
    private let files = FileManager.default

    private func opening(_ path: String) async -> PortManagerError? {
        await refusal { _ = try PortManager(registryPath: path) }
    }

    @Test func aMissingFileIsMade() throws {
        _ = try registry.manager()
        #expect(files.fileExists(atPath: registry.path))
    }

    @Test func aFolderIsRefused() async {
        let error = await opening(registry.folder)
        #expect(error?.code == "hostile_file" && error?.message.contains(registry.folder) == true)
    }

    @Test func aSymbolicLinkIsRefused() async throws {
        _ = try registry.manager()
        let link = "\(registry.folder)/link"
        try files.createSymbolicLink(atPath: link, withDestinationPath: registry.path)
        #expect(await opening(link)?.code == "hostile_file")
        let dangling = "\(registry.folder)/dangling"
        try files.createSymbolicLink(atPath: dangling, withDestinationPath: "\(registry.folder)/none")
        #expect(await opening(dangling)?.code == "hostile_file")
        #expect(!files.fileExists(atPath: "\(registry.folder)/none"))
    }

    @Test func aFileInAMissingFolderIsRefused() async {
        let error = await opening("\(registry.folder)/missing/registry.db")
        #expect(error?.code == "hostile_file" && error?.message.contains("missing/registry.db") == true)
        #expect(!files.fileExists(atPath: "\(registry.folder)/missing"))
    }

    @Test func aFileThatIsNoRegistryIsRefusedAndLeftAsItIs() async throws {
        let text = String(repeating: "not a registry\n", count: 1000)
        try text.write(toFile: registry.path, atomically: false, encoding: .utf8)
        #expect(await opening(registry.path)?.code == "storage_failed")
        #expect(try String(contentsOfFile: registry.path, encoding: .utf8) == text)
    }

    @Test func nothingIsPromisedOnceTheFileIsGone() async throws {
        let manager = try registry.manager()
        _ = try await manager.allocate()
        try files.removeItem(atPath: registry.path)
        #expect(await refusal { _ = try await manager.allocate() }?.code == "storage_failed")
    }
}
