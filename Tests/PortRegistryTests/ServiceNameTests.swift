import PortModel
import PortRegistry
import Testing

/// How a NAME on the command line is resolved.
@Suite struct ServiceNameTests {
    private let test = try! TestRegistry()

    private func found(_ name: String, in scope: ProjectScope? = nil) async throws -> [String] {
        try await test.registry.lookUp(name, in: scope).map(\.identity.description)
    }

    private func scope(_ app: String, _ instance: String = "main") -> ProjectScope {
        ProjectScope(Project(app: app, instance: instance))
    }

    @Test func nameIsResolvedFirstInThisProjectAndInstance() async throws {
        for path in ["shop/main/web", "shop/login/web", "blog/main/web"] { try await test.allocate(path) }
        #expect(try await found("web", in: scope("shop")) == ["shop/main/web"])
        #expect(try await found("web", in: scope("shop", "login")) == ["shop/login/web"])
    }

    @Test func uniqueNameIsResolvedAcrossProjects() async throws {
        try await test.allocate("shop/main/web")
        try await test.allocate("api/default/default")
        #expect(try await found("web", in: scope("blog")) == ["shop/main/web"])
        #expect(try await found("web") == ["shop/main/web"])
        #expect(try await found("api", in: scope("blog")) == ["api/default/default"])
        #expect(try await found("shop/main/web", in: scope("blog")) == ["shop/main/web"])
        #expect(try await found("nothing") == [])
    }

    @Test func exactScopeFindsNoOtherService() async throws {
        try await test.allocate("shop/main/web")
        let scope = ProjectScope(Project(app: "blog", instance: "main"), isExact: true)
        #expect(try await found("web", in: scope) == [])
        let refusal = await test.refusal {
            _ = try await test.registry.release(named: "web", in: scope, by: TestRegistry.caller)
        }
        #expect(refusal?.code == .serviceNotFound)
        let own = ProjectScope(Project(app: "shop", instance: "main"), isExact: true)
        #expect(try await found("web", in: own).count == 1)
    }

    @Test func lastPortOfANameIsThatOfTheServiceHereElseOfTheMachineWideName() async throws {
        var ports: [Port] = []
        for path in ["shop/main/web", "web/default/default"] {
            ports.append(try await test.allocate(path).allocation.port)
            _ = try await test.registry.release(named: path, in: nil, by: TestRegistry.caller)
        }
        func last(_ name: String, in scope: ProjectScope?) async throws -> Port? {
            try await test.registry.lookUpReports(name, in: scope).lastPort?.port
        }
        #expect(try await last("web", in: scope("shop")) == ports[0])
        #expect(try await last("shop/main/web", in: scope("blog")) == ports[0])
        for scope in [nil, scope("blog")] { #expect(try await last("web", in: scope) == ports[1]) }
        let exact = ProjectScope(Project(app: "blog", instance: "main"), isExact: true)
        #expect(try await last("web", in: exact) == nil)
        #expect(try await last("db", in: scope("shop")) == nil)
    }

    @Test func ambiguousNameIsRefusedWithItsCandidates() async throws {
        for path in ["shop/main/web", "blog/main/web", "web/default/default"] { try await test.allocate(path) }
        let refusal = await test.refusal { _ = try await test.registry.lookUp("web", in: scope("third")) }
        #expect(refusal?.code == .ambiguousName)
        #expect(refusal?.candidates.map(\.identity.app) == ["shop", "blog", "web"])
    }

    @Test func replicasAreListedInOrder() async throws {
        for _ in 0..<2 { _ = try await test.request("shop/main/web", as: .leases) { $0.whenAllocated = .further } }
        #expect(try await test.registry.lookUp("web", in: nil).map(\.replica) == [0, 1])
    }

    @Test func releaseByNameEndsAllReplicasAndNothingElse() async throws {
        for _ in 0..<2 { _ = try await test.request("shop/main/web", as: .leases) { $0.whenAllocated = .further } }
        try await test.allocate("shop/main/db")
        let released = try await test.registry.release(named: "web", in: nil, by: TestRegistry.caller)
        #expect(released.map(\.port.number) == [8000, 8001])
        #expect(try await test.registry.allocationCount() == 1)
        let unknown = await test.refusal {
            _ = try await test.registry.release(named: "web", in: nil, by: TestRegistry.caller)
        }
        #expect(unknown?.code == .serviceNotFound)
    }

    @Test func invalidNamesAreRefused() async throws {
        for name in ["", " ", "a\nb", "a\n/b/c", String(repeating: "x", count: 129)] {
            let refusal = await test.refusal { _ = try await test.registry.lookUp(name, in: nil) }
            #expect(refusal?.code == .invalidName, "\(name.debugDescription)")
        }
    }

    @Test(arguments: ["/home/u/shop", "a/b", "http://x/y", "a//b", "a/b/c/d"])
    func nameWithSlashesIsAServiceAndAMachineWideName(_ name: String) async throws {
        for identity in [
            try ServiceIdentity(app: "shop", instance: "main", service: name), try ServiceIdentity(machineWide: name),
        ] {
            _ = try await test.registry.allocate(AllocationRequest(identity: identity), by: TestRegistry.caller)
        }
        #expect(try await test.registry.lookUp(name, in: scope("shop")).map(\.identity.app) == ["shop"])
        #expect(
            try await test.registry.release(machineWide: name, by: TestRegistry.caller).map(\.identity.app) == [name]
        )
        #expect(try await found(name) == ["shop/main/\(name)"])
    }

    @Test func identityWithSlashesInItsInstanceIsFoundAsItIsShown() async throws {
        for service in ["web", "api"] {
            let identity = try ServiceIdentity(app: "shop", instance: "feature/login", service: service)
            _ = try await test.registry.allocate(AllocationRequest(identity: identity), by: TestRegistry.caller)
        }
        #expect(try await found("shop/feature/login/web", in: scope("blog")) == ["shop/feature/login/web"])
        _ = try await test.registry.release(named: "shop/feature/login/web", in: nil, by: TestRegistry.caller)
        let released = try await test.registry.release(
            machineWide: "shop/feature/login/api",
            by: TestRegistry.caller
        )
        #expect(released.count == 1)
        #expect(try await test.registry.allocationCount() == 0)
    }

    @Test func machineWideNameIsShownAsGiven() throws {
        #expect(try ServiceIdentity(machineWide: "my-app").description == "my-app/default/default")
        #expect(try ServiceIdentity(machineWide: "my-app").machineWideName == "my-app")
        #expect(try ServiceIdentity(machineWide: "a/b/c").machineWideName == "a/b/c")
        #expect(try ServiceIdentity(machineWide: "@scope/pkg").machineWideName == "@scope/pkg")
    }
}
