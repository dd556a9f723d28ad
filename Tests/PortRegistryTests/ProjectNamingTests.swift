import PortModel
import PortRegistry
import PortTestSupport
import Testing

@Suite struct ProjectNamingTests {
    private func app(_ test: TestRegistry, _ name: String, at root: String) async throws -> String {
        try await test.allocate("\(name)/main/web", ensure: true, root: root).allocation.identity.app
    }

    @Test func secondDirectoryOfTheSameNameIsAnotherApp() async throws {
        let test = try TestRegistry()
        for directory in ["/home/client/api", "/home/server/api"] { test.machine.makeDirectory(directory) }
        #expect(try await app(test, "api", at: "/home/client/api") == "api")
        #expect(try await app(test, "api", at: "/home/server/api") == "server-api")
        #expect(try await app(test, "api", at: "/home/client/api") == "api")
        #expect(try await test.registry.allocationCount() == 2)
    }

    @Test func movedDirectoryKeepsItsPorts() async throws {
        let test = try TestRegistry()
        test.machine.makeDirectory("/old/api")
        let before = try await test.allocate("api/main/web", ensure: true, root: "/old/api").allocation
        test.machine.removeDirectory("/old/api")
        test.machine.makeDirectory("/new/api")
        let after = try await test.allocate("api/main/web", ensure: true, root: "/new/api").allocation
        #expect(after.id == before.id)
        #expect(after.port == before.port)
    }

    @Test func directoryKeepsTheNameThatItWasGiven() async throws {
        let test = try TestRegistry()
        for directory in ["/a/api", "/b/api"] { test.machine.makeDirectory(directory) }
        _ = try await app(test, "api", at: "/a/api")
        #expect(try await app(test, "api", at: "/b/api") == "b-api")
        test.machine.removeDirectory("/a/api")
        #expect(try await app(test, "api", at: "/b/api") == "b-api")
    }

    @Test func directoriesOfTheSameNameAreDifferentApps() async throws {
        let test = try TestRegistry()
        let roots = ["/api", "/x/api", "/y/x/api", "/z/y/x/api", "/api/api", "/x/x/api"]
        var apps: Set<String> = []
        for root in roots {
            test.machine.makeDirectory(root)
            apps.insert(try await app(test, "api", at: root))
        }
        #expect(apps.count == roots.count)
    }

    @Test func movedOrFirstDirectoryKeepsThePlainName() async throws {
        let test = try TestRegistry()
        test.machine.makeDirectory("/old/shop")
        let first = try await test.allocate("shop/main/web", ensure: true, root: "/old/shop").allocation
        test.machine.removeDirectory("/old/shop")
        for directory in ["/new/shop", "/a/shop", "/b/shop"] { test.machine.makeDirectory(directory) }
        var names: [String] = []
        for directory in ["/new/shop", "/a/shop", "/b/shop"] {
            names.append(try await app(test, "shop", at: directory))
        }
        #expect(names == ["shop", "a-shop", "b-shop"])
        #expect(try await test.port("shop/main/db") == first.port.number + 3)
        // An explicit app before any directory has the name: the first directory has it, the second gets another one.
        try await test.allocate("svc/main/web")
        for directory in ["/x/svc", "/y/svc"] { test.machine.makeDirectory(directory) }
        #expect(try await test.allocate("svc/main/web", ensure: true, root: "/x/svc").outcome == .existing)
        #expect(
            try await test.allocate("svc/main/web", ensure: true, root: "/y/svc").allocation.identity.app == "y-svc"
        )
    }

    @Test func explicitAppIsUsedUnchanged() async throws {
        let test = try TestRegistry()
        test.machine.makeDirectory("/a/api")
        _ = try await app(test, "api", at: "/a/api")
        let grant = try await test.allocate("api/main/web", ensure: true)
        #expect(grant.outcome == .existing)
    }

    @Test func listAndReleaseUseTheAppOfTheDirectory() async throws {
        let test = try TestRegistry()
        for directory in ["/a/api", "/b/api"] { test.machine.makeDirectory(directory) }
        _ = try await app(test, "api", at: "/a/api")
        _ = try await app(test, "api", at: "/b/api")
        let project = ProjectDirectory(root: "/b/api", directory: "/b/api")
        let listed = try await test.registry.allocations(matching: AllocationFilter(app: "api"), project: project)
        #expect(listed.map(\.identity.app) == ["b-api"])
        let released = try await test.registry.release(
            matching: AllocationFilter(app: "api"),
            project: project,
            by: TestRegistry.caller
        )
        #expect(released == listed)
    }

    @Test func refusedRequestDoesNotNameADirectory() async throws {
        let test = try TestRegistry(pool: "3000")
        test.machine.occupy(3000)
        test.machine.makeDirectory("/a/api")
        test.machine.makeDirectory("/b/api")
        #expect(await test.refusal { _ = try await app(test, "api", at: "/a/api") }?.code == .poolFull)
        test.machine.free(3000)
        #expect(try await app(test, "api", at: "/b/api") == "api")
    }
}
