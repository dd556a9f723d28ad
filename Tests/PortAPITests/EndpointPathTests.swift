import Testing

@testable import PortAPI

@Suite struct EndpointPathTests {
    @Test func parametersAndQueryAreFilledInAndEncoded() {
        let path: EndpointPath = "/v1/ports/:port/kill"
        #expect(path.parameters == ["port"])
        #expect(path.filled(with: ["3000"]) == "/v1/ports/3000/kill")
        let service: EndpointPath = "/v1/services/:name"
        #expect(service.filled(with: ["a/b ü"]) == "/v1/services/a%2Fb%20%C3%BC")
        let query = [QueryItem("app", "a&b"), QueryItem("instance", nil), QueryItem("root", "")]
        #expect(service.filled(with: ["x"], query: query) == "/v1/services/x?app=a%26b&root=")
    }

    @Test func rootIsAPath() {
        #expect(("/" as EndpointPath).filled() == "/")
    }

    /// A value that looks like a parameter is not one.
    @Test func valuesAreNotParameters() {
        let path: EndpointPath = "/dashboard/:name/:file"
        #expect(path.filled(with: [":file", ":name"]) == "/dashboard/%3Afile/%3Aname")
    }

    @Test func noTwoEndpointsHaveOneMethodAndPath() {
        let all = (Endpoints.all + Endpoints.Dashboard.all).map(\.description)
        #expect(Set(all).count == all.count)
    }

    @Test(arguments: [AllocationQuery(app: "a", instance: "i", service: "s", port: 1, wide: true), AllocationQuery()])
    func queryIsReadAsItWasWritten(_ query: AllocationQuery) {
        let values = Dictionary(query.items.map { ($0.name, $0.value) }) { $1 }
        #expect(AllocationQuery { values[$0] ?? nil }.items == query.items)
    }

    @Test func serviceQueryIsReadAsItWasWritten() {
        let project = ProjectDTO(root: "/r", directory: "/d", rootID: "1:2:3:4:/")
        let query = ServiceQuery(app: "a", instance: "i", project: project, isExact: true)
        let values = Dictionary(query.items.map { ($0.name, $0.value) }) { $1 }
        #expect(ServiceQuery { values[$0] ?? nil }.items == query.items)
        #expect(query.items.allSatisfy { $0.value != nil })
    }
}
