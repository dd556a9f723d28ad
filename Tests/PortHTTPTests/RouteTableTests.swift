import HTTPTypes
import Hummingbird
import PortAPI
import PortTestSupport
import Testing

@testable import PortHTTP

@Suite struct RouteTableTests {
    @Test(arguments: ["/brief", "/long"])
    func onlyMarkedHandlersRunOnTheEventLoop(_ path: String) async throws {
        let loop = LoopExecutor()
        let brief = Endpoint<NoParameters, NoContent>(.get, "/brief")
        let long = Endpoint<NoParameters, NoContent>(.get, "/long")
        var table = RouteTable()
        table.on(brief, runsOnEventLoop: true) { _, _ in Response(status: loop.isCurrent ? .ok : .conflict) }
        table.on(long) { _, _ in Response(status: loop.isCurrent ? .conflict : .ok) }
        let router = Router(context: PortRequestContext.self)
        table.install(on: router)
        let responder = router.buildResponder()
        let head = HTTPRequest(method: .get, scheme: "http", authority: "localhost", path: path)
        let response = try await withTaskExecutorPreference(loop) {
            try await responder.respond(to: Request(head: head, body: RequestBody(buffer: .init())), context: .test)
        }
        #expect(response.status == .ok)
    }
}
