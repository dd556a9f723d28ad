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
        let project = Project.Directories(root: "/b/api", directory: "/b/api")
        let listed = try await test.registry.allocations(matching: AllocationFilter(app: "api"), project: project)
        #expect(listed.map(\.identity.app) == ["b-api"])
        let released = try await test.registry.release(
            matching: AllocationFilter(app: "api"),
            project: project,
            by: TestRegistry.caller
        )
        #expect(released == listed)
    }

    @Test func lastPortOfANameIsThatOfTheAppOfTheDirectory() async throws {
        let test = try TestRegistry()
        for directory in ["/a/api", "/b/api"] { test.machine.makeDirectory(directory) }
        _ = try await app(test, "api", at: "/a/api")
        let grant = try await test.allocate("api/main/web", ensure: true, root: "/b/api")
        _ = try await test.registry.release(named: "b-api/main/web", in: nil, by: TestRegistry.caller)
        let project = Project.Directories(root: "/b/api", directory: "/b/api")
        let scope = ProjectScope(Project(app: "api", instance: "main", directories: project), isExact: true)
        let last = try await test.registry.lookUpReports("web", in: scope).lastPort
        #expect(last?.identity.app == "b-api" && last?.port == grant.allocation.port)
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

    private func directory(
        _ inode: UInt64,
        born birthTime: Int64? = 7,
        device: UInt64 = 1,
        boot: String = "b",
        mounted mountPoint: String = "/"
    ) -> DirectoryIdentity {
        DirectoryIdentity(inode: inode, birthTime: birthTime, device: device, boot: boot, mountPoint: mountPoint)
    }

    /// Returns the app and the port of a directory's service.
    private func web(
        _ test: TestRegistry,
        _ root: String,
        _ identity: DirectoryIdentity?
    ) async throws -> (app: String, port: UInt16, warnings: [String]) {
        let name = root.split(separator: "/").last ?? ""
        let grant = try await test.allocate("\(name)/main/web", ensure: true, root: root, rootIdentity: identity)
        return (grant.allocation.identity.app, grant.allocation.port.number, grant.warnings)
    }

    @Test func renamedDirectoryKeepsItsNameAndItsPorts() async throws {
        let test = try TestRegistry()
        test.machine.makeDirectory("/x/shop")
        let before = try await web(test, "/x/shop", directory(5))
        test.machine.removeDirectory("/x/shop")
        test.machine.makeDirectory("/x/shop2")
        let project = Project.Directories(root: "/x/shop2", directory: "/x/shop2", rootIdentity: directory(5))
        let scope = ProjectScope(Project(app: "shop2", instance: "main", directories: project), isExact: true)
        #expect(try await test.registry.lookUp("web", in: scope).count == 1)
        let after = try await web(test, "/x/shop2", directory(5))
        #expect(after.port == before.port && after.app == "shop")
        #expect(after.warnings == ["/x/shop2 was renamed: it keeps the name \"shop\", and its ports"])
        // Another directory that gets the old path is another project.
        test.machine.makeDirectory("/x/shop")
        #expect(try await web(test, "/x/shop", directory(6)).app == "x-shop")
    }

    @Test(arguments: [
        // Another directory with the inode of the first; one of which the birth time is not known; another device.
        DirectoryIdentity(inode: 5, birthTime: 8, device: 1, boot: "b", mountPoint: "/"),
        DirectoryIdentity(inode: 5, birthTime: nil, device: 1, boot: "b", mountPoint: "/"),
        DirectoryIdentity(inode: 5, birthTime: 7, device: 2, boot: "b", mountPoint: "/"),
        DirectoryIdentity(inode: 6, birthTime: 7, device: 1, boot: "b", mountPoint: "/"),
    ])
    func directoryThatIsNotProvenToBeTheSameGetsItsOwnPorts(_ other: DirectoryIdentity) async throws {
        let test = try TestRegistry()
        test.machine.makeDirectory("/x/shop")
        _ = try await web(test, "/x/shop", directory(5))
        test.machine.removeDirectory("/x/shop")
        test.machine.makeDirectory("/x/shop2")
        #expect(try await web(test, "/x/shop2", other) == ("shop2", 3001, []))
    }

    @Test func directoryWithoutABirthTimeIsNeverProvenToBeRenamed() async throws {
        let test = try TestRegistry()
        _ = try await web(test, "/x/shop", directory(5, born: nil))
        #expect(try await web(test, "/x/shop2", directory(5, born: nil)).app == "shop2")
    }

    @Test func renamedDirectoryKeepsItsPortsWhenABootNumbersDevicesDifferently() async throws {
        let test = try TestRegistry()
        _ = try await web(test, "/x/shop", directory(5))
        #expect(
            try await web(test, "/x/shop2", directory(5, device: 9, boot: "later")) == (
                "shop", 3000, ["/x/shop2 was renamed: it keeps the name \"shop\", and its ports"]
            )
        )
    }

    @Test func copyOfADirectoryThatStillExistsIsAnotherProject() async throws {
        let test = try TestRegistry()
        test.machine.makeDirectory("/x/shop")
        _ = try await web(test, "/x/shop", directory(5))
        // A bind mount shows the same directory twice.
        #expect(try await web(test, "/x/shop2", directory(5)) == ("shop2", 3001, []))
    }

    @Test func directoryWhoseFileSystemIsNotMountedKeepsItsNameAndItsPorts() async throws {
        let test = try TestRegistry()
        test.machine.mount("/usb", with: "/usb/shop")
        _ = try await web(test, "/usb/shop", directory(5, mounted: "/usb"))
        test.machine.unmount("/usb", with: "/usb/shop")
        test.machine.makeDirectory("/wk/shop")
        #expect(
            try await web(test, "/wk/shop", directory(6)) == (
                "wk-shop", 3001, ["another directory is already called \"shop\": /wk/shop is \"wk-shop\""]
            )
        )
        test.machine.mount("/usb", with: "/usb/shop")
        #expect(try await web(test, "/usb/shop", directory(5, mounted: "/usb")) == ("shop", 3000, []))
    }

    @Test func takingTheNameOfADirectoryThatIsGoneIsReportedOnce() async throws {
        let test = try TestRegistry()
        _ = try await web(test, "/old/shop", directory(5))
        let warning = "\"shop\" was the name of /old/shop, which is gone: /new/shop has it now, and its ports"
        #expect(try await web(test, "/new/shop", directory(6)) == ("shop", 3000, [warning]))
        #expect(try await web(test, "/new/shop", directory(6)) == ("shop", 3000, []))
    }

    @Test func plainDirectoryIsAProjectOnlyWhileItHasAllocations() async throws {
        let test = try TestRegistry()
        test.machine.makePlainDirectory("/tmp")
        let occupier = Occupier(pid: 50, startTime: 1, name: "python3", directory: "/tmp", ancestors: [])
        test.machine.listen(9000, as: occupier)
        func project() async throws -> String? {
            try await test.registry.listeners(on: [Port(9000)!]).first?.project?.app
        }
        #expect(try await project() == nil)
        try await test.allocate("tmp/main/web", root: "/tmp")
        #expect(try await project() == "tmp")
        try await test.release("tmp/main/web")
        #expect(try await project() == nil)
    }
}
