import Dispatch
import HTTPTypes
import Hummingbird
import Testing

@testable import PortHTTP

@Suite struct RouteTableTests {
    @Test(arguments: ["/brief", "/long"])
    func onlyMarkedHandlersRunOnTheEventLoop(_ path: String) async throws {
        let loop = LoopExecutor()
        var table = RouteTable()
        table.on("/brief", .get, runsOnEventLoop: true) { _, _ in Response(status: loop.isCurrent ? .ok : .conflict) }
        table.on("/long", .get) { _, _ in Response(status: loop.isCurrent ? .conflict : .ok) }
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

/// Runs one job at a time, as an event loop does.
private final class LoopExecutor: TaskExecutor {
    private static let key = DispatchSpecificKey<Bool>()
    private let queue = DispatchQueue(label: "loop")

    init() { queue.setSpecific(key: Self.key, value: true) }

    var isCurrent: Bool { DispatchQueue.getSpecific(key: Self.key) ?? false }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
