import PortModel
import PortRegistry
import PortTestSupport
import Testing

/// The variables that a grant has when they were requested: the ports of the instance's services.
@Suite struct ServiceVariableTests {
    private let test = try! TestRegistry(pool: "3000-3999")

    private func variables(_ path: String, further: Bool = false) async throws -> [String: String]? {
        try await test.request(path) {
            $0.whenAllocated = further ? .further : .share
            $0.wantsVariables = true
        }.variables
    }

    @Test func grantHasThePortsOfItsInstanceAndOfNoOther() async throws {
        for path in ["shop/main/api", "shop/main/db", "shop/login/web", "other/main/db"] {
            try await test.allocate(path)
        }
        #expect(
            try await variables("shop/main/web") == [
                "PORTCTL_API_PORT": "3000", "PORTCTL_DB_PORT": "3001", "PORTCTL_WEB_PORT": "3004",
            ]
        )
        #expect(try await test.allocate("shop/main/web", ensure: true).variables == nil)
    }

    @Test func releasedServiceHasNoVariable() async throws {
        try await test.allocate("shop/main/api")
        let filter = AllocationFilter(port: Port(3000))
        _ = try await test.registry.release(matching: filter, project: nil, by: TestRegistry.caller)
        #expect(try await variables("shop/main/web") == ["PORTCTL_WEB_PORT": "3001"])
    }

    @Test func siblingIsItsFirstReplicaAndTheServiceItselfTheGrantedOne() async throws {
        for _ in 0..<2 { try await test.request("shop/main/api") { $0.whenAllocated = .further } }
        try await test.allocate("shop/main/web")
        #expect(
            try await variables("shop/main/web", further: true) == [
                "PORTCTL_API_PORT": "3000", "PORTCTL_WEB_PORT": "3003",
            ]
        )
    }

    @Test(arguments: [
        ("api", "PORTCTL_API_PORT"), ("my-api.v2", "PORTCTL_MY_API_V2_PORT"), ("@acme/web", "PORTCTL__ACME_WEB_PORT"),
        ("2nd", "PORTCTL_2ND_PORT"), ("größe", "PORTCTL_GR__E_PORT"), ("mark", "PORTCTL_MARK_PORT"),
        ("url", "PORTCTL_URL_PORT"), ("ſ١ﬁ", "PORTCTL_____PORT"), ("a b", "PORTCTL_A_B_PORT"),
    ])
    func nameOfAVariableIsMadeOfTheServicesName(_ service: String, _ name: String) async throws {
        let identity = try ServiceIdentity(app: "shop", instance: "main", service: service)
        var request = AllocationRequest(identity: identity)
        request.wantsVariables = true
        let grant = try await test.registry.allocate(request, by: TestRegistry.caller)
        #expect(grant.variables == [name: "3000"])
    }

    @Test func twoServicesThatMakeOneNameGetNone() async throws {
        for name in ["my-api", "my.api", "MY_API", "db"] { try await test.allocate("shop/main/\(name)") }
        #expect(try await variables("shop/main/my_api") == ["PORTCTL_DB_PORT": "3003"])
        #expect(try await variables("shop/main/web")?.keys.sorted() == ["PORTCTL_DB_PORT", "PORTCTL_WEB_PORT"])
    }

    @Test func largeInstanceHasALimitedNumberOfVariablesAndThatOfTheService() async throws {
        for number in 0..<300 { try await test.allocate("shop/main/s\(number)") }
        let variables = try #require(try await variables("shop/main/web"))
        #expect(variables.count == 257 && variables["PORTCTL_WEB_PORT"] == "3300")
    }
}
