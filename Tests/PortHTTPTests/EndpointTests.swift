import Foundation
import HTTPTypes
import Hummingbird
import PortAPI
import PortDashboard
import PortModel
import PortRegistry
import PortStore
import PortTestSupport
import Testing

@testable import PortHTTP

/// One list of endpoints for the routes, the client and the OpenAPI document.
@Suite struct EndpointTests {
    private struct Document: Decodable {
        struct Operation: Decodable {
            struct Body: Decodable { var required: Bool? }

            var requestBody: Body?
        }

        struct Path: Decodable {
            var get: Operation?
            var post: Operation?
            var delete: Operation?
            var head: Operation?

            var operations: [(EndpointMethod, Operation)] {
                [(EndpointMethod.get, get), (.post, post), (.delete, delete)]
                    .compactMap { method, operation in operation.map { (method, $0) } }
            }
        }

        var paths: [String: Path]
    }

    private let document = try! JSONDecoder().decode(Document.self, from: Data(OpenAPIDocument.bytes))

    /// An endpoint's path as OpenAPI writes it.
    private func path(_ endpoint: EndpointDescription) -> String {
        "/"
            + endpoint.path.template.split(separator: "/").map {
                $0.hasPrefix(":") ? "{\($0.dropFirst())}" : String($0)
            }
            .joined(separator: "/")
    }

    @Test func documentListsExactlyTheEndpoints() {
        let documented = document.paths.flatMap { path, item in
            item.operations.map { "\($0.0.rawValue) \(path)" }
        }
        #expect(Set(documented) == Set(Endpoints.all.map { "\($0.method.rawValue) \(path($0))" }))
        #expect(documented.count == Endpoints.all.count)
    }

    @Test func documentSaysWhichBodiesMayBeLeftOut() throws {
        for endpoint in Endpoints.all {
            let item = try #require(document.paths[path(endpoint)])
            let body = item.operations.first { $0.0 == endpoint.method }?.1.requestBody
            // A body whose keys are all ignored need not be documented.
            if endpoint.request == "EmptyBody" { continue }
            #expect((body != nil) == (endpoint.request != nil), "\(endpoint)")
            #expect(body.map { !($0.required ?? false) } ?? false == endpoint.isBodyOptional, "\(endpoint)")
        }
    }

    @Test func everyQuestionIsDocumentedForHEAD() {
        for (path, item) in document.paths { #expect((item.get != nil) == (item.head != nil), "\(path)") }
    }

    @Test func routerServesExactlyTheEndpoints() throws {
        let registry = Registry(
            store: try SQLiteStore(inMemoryWith: .init()),
            machine: FakeMachine(),
            settings: RegistrySettings(pools: [.registry: PortPool("3000")!])
        )
        let dependencies = ServerDependencies(
            registry: registry,
            events: EventStreams(registry: registry),
            peers: RouteTests.ThisUser(),
            userID: 1000,
            token: "secret",
            status: { throw CancellationError() }
        )
        let all = (Endpoints.all + Endpoints.Dashboard.all).map(\.description)
        #expect(routeTable(dependencies).endpoints.sorted() == all.sorted())
    }
}
