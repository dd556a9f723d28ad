import PortModel
import PortRegistry
import Testing

@Suite struct ProjectNamingTests {
    private func app(_ test: TestRegistry, _ name: String, at root: String) async throws -> String {
        try await test.allocate("\(name)/main/web", ensure: true, root: root).allocation.identity.app
    }

    @Test func aSecondFolderOfOneNameIsAnotherApp() async throws {
        let test = try TestRegistry()
        for folder in ["/home/client/api", "/home/server/api"] { test.machine.makeFolder(folder) }
        #expect(try await app(test, "api", at: "/home/client/api") == "api")
        #expect(try await app(test, "api", at: "/home/server/api") == "server-api")
        #expect(try await app(test, "api", at: "/home/client/api") == "api")
        #expect(try await test.registry.allocationCount() == 2)
    }

    @Test func aFolderThatMovedKeepsItsPorts() async throws {
        let test = try TestRegistry()
        test.machine.makeFolder("/old/api")
        let before = try await test.allocate("api/main/web", ensure: true, root: "/old/api").allocation
        test.machine.removeFolder("/old/api")
        test.machine.makeFolder("/new/api")
        let after = try await test.allocate("api/main/web", ensure: true, root: "/new/api").allocation
        #expect(after.id == before.id)
        #expect(after.port == before.port)
    }

    @Test func aNameOnceGivenToAFolderStays() async throws {
        let test = try TestRegistry()
        for folder in ["/a/api", "/b/api"] { test.machine.makeFolder(folder) }
        _ = try await app(test, "api", at: "/a/api")
        #expect(try await app(test, "api", at: "/b/api") == "b-api")
        test.machine.removeFolder("/a/api")
        #expect(try await app(test, "api", at: "/b/api") == "b-api")
    }

    @Test func anyNumberOfFoldersOfOneNameAreToldApart() async throws {
        let test = try TestRegistry()
        let roots = ["/api", "/x/api", "/y/x/api", "/z/y/x/api", "/api/api", "/x/x/api"]
        var apps: Set<String> = []
        for root in roots {
            test.machine.makeFolder(root)
            apps.insert(try await app(test, "api", at: root))
        }
        #expect(apps.count == roots.count)
    }

    @Test func aFolderThatMovedOrCameLaterKeepsItsNameFromTheNextOne() async throws {
        let test = try TestRegistry()
        test.machine.makeFolder("/old/shop")
        let first = try await test.allocate("shop/main/web", ensure: true, root: "/old/shop").allocation
        test.machine.removeFolder("/old/shop")
        for folder in ["/new/shop", "/a/shop", "/b/shop"] { test.machine.makeFolder(folder) }
        var names: [String] = []
        for folder in ["/new/shop", "/a/shop", "/b/shop"] {
            names.append(try await test.allocate("shop/main/web", ensure: true, root: folder).allocation.identity.app)
        }
        #expect(names == ["shop", "a-shop", "b-shop"])
        #expect(try await test.port("shop/main/db") == first.port.number + 3)
        // Spelled out before any folder had the name: the first folder has it, the second another.
        try await test.allocate("svc/main/web")
        for folder in ["/x/svc", "/y/svc"] { test.machine.makeFolder(folder) }
        #expect(try await test.allocate("svc/main/web", ensure: true, root: "/x/svc").outcome == .existing)
        #expect(
            try await test.allocate("svc/main/web", ensure: true, root: "/y/svc").allocation.identity.app == "y-svc"
        )
    }

    @Test func aSpelledOutAppIsTakenAsItIs() async throws {
        let test = try TestRegistry()
        test.machine.makeFolder("/a/api")
        _ = try await app(test, "api", at: "/a/api")
        let grant = try await test.allocate("api/main/web", ensure: true)
        #expect(grant.outcome == .existing)
    }

    @Test func listingAndReleasingMeanTheFoldersOwnApp() async throws {
        let test = try TestRegistry()
        for folder in ["/a/api", "/b/api"] { test.machine.makeFolder(folder) }
        _ = try await app(test, "api", at: "/a/api")
        _ = try await app(test, "api", at: "/b/api")
        let project = ProjectFolder(root: "/b/api", folder: "/b/api")
        let listed = try await test.registry.allocations(matching: AllocationFilter(app: "api"), project: project)
        #expect(listed.map(\.identity.app) == ["b-api"])
        let released = try await test.registry.release(
            matching: AllocationFilter(app: "api"),
            project: project,
            by: TestRegistry.asker
        )
        #expect(released == listed)
    }

    @Test func aRefusedRequestGivesNoFolderAName() async throws {
        let test = try TestRegistry(pool: "3000")
        test.machine.occupy(3000)
        test.machine.makeFolder("/a/api")
        test.machine.makeFolder("/b/api")
        #expect(await test.refusal { _ = try await app(test, "api", at: "/a/api") }?.code == .poolFull)
        test.machine.free(3000)
        #expect(try await app(test, "api", at: "/b/api") == "api")
    }
}
