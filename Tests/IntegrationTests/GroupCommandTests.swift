import Foundation
import PortAPI
import PortClient
import PortModel
import PortTestSupport
import Synchronization
import Testing

/// `portctl group`, and many clients that allocate groups at once.
@Suite struct GroupCommandTests {
    private let sandbox = try! Sandbox()

    @Test func groupIsAllocatedListedAndReleased() throws {
        let shop = try sandbox.makeRepository("shop")
        try sandbox.portctl("start", environment: sandbox.narrowRegistry)
        let made = try sandbox.portctl("group", "allocate", "3", "--roles", "frontend,backend,test", in: shop)
        #expect(made.status == 0, "\(made.errors)")
        let first = sandbox.firstPort
        let id = String(made.lines[0].split(separator: " ")[2])
        #expect(
            made.lines == [
                "allocated group \(id) for shop/main", "  frontend: \(first)", "  backend: \(first + 1)",
                "  test: \(first + 2)",
            ]
        )
        #expect(try sandbox.portctl("lookup", "backend", in: shop).output == "\(first + 1)\n")
        let listed = try sandbox.portctl("group", "list", in: shop)
        #expect(listed.lines[0] == "GROUP         APP   INSTANCE  PORTS")
        let ports = "frontend=\(first) backend=\(first + 1) test=\(first + 2)"
        #expect(listed.lines[1] == "\(id)  shop  main      \(ports)")
        let none = "no groups in this project; portctl group list --all lists those of all applications\n"
        #expect(try sandbox.portctl("group", "list").errors == none)
        #expect(try sandbox.portctl("group", "list", "--all").output == listed.output)
        #expect(try sandbox.portctl("group", "list", "--app", "shop", "--json").output.contains("\"id\" : \"\(id)\""))
        let released = try sandbox.portctl("group", "release", id)
        #expect(released.output == "released group \(id): \(first), \(first + 1), \(first + 2)\n")
        let again = try sandbox.portctl("group", "release", id)
        #expect(again.status == 1 && again.errors.contains("no group \"\(id)\" is known"))
    }

    @Test func groupHasConsecutivePortsInItsRangeAndItsMetadata() throws {
        try sandbox.portctl("start", environment: sandbox.narrowRegistry)
        let first = sandbox.firstPort
        try sandbox.portctl("allocate", "--service", "x", "--port", "\(first + 52)")
        let made = try sandbox.portctl(
            "group",
            "allocate",
            "3",
            "--contiguous",
            "--range",
            "\(first + 50)-\(first + 59)",
            "--metadata",
            "a=b=c",
            "--json"
        )
        let group = try JSONDecoder().decode(GroupBody.self, from: Data(made.output.utf8))
        #expect(group.allocations.map(\.port) == [first + 53, first + 54, first + 55])
        #expect(group.allocations.allSatisfy { $0.metadata == ["a": .text("b=c")] && $0.group == group.id })
    }

    @Test(
        arguments: [
            (["0"], "a group has between 1 and 1000 ports, not 0"), (["-1"], "<count>"), (["100000"], "not 100000"),
            (["x"], "x"), (["3", "--roles", "a,b"], "3 ports need 3 roles, not 2"),
            (["2", "--roles", "a,"], "service must not be blank"),
            (["2", "--range", "5000-4000"], "range must be two ports such as 4000-4999, the lower one first"),
            (["2", "--range", "x"], "range must be"), (["2", "--metadata", "x"], "metadata must be KEY=VALUE"),
            ([], "Missing expected argument"),
        ] as [([String], String)]
    )
    func badInputIsRefusedAndNothingIsAllocated(_ words: [String], _ message: String) throws {
        let outcome = try sandbox.run("portctl", ["group", "allocate"] + words)
        #expect(outcome.status == 1 && outcome.output == "" && outcome.errors.contains(message), "\(outcome.errors)")
        #expect(try sandbox.portctl("list", "--all").output == "")
    }

    @Test func hundredGroupsFromTwentyClientsFillAPoolOfFiveHundred() throws {
        // Outside the blocks of the sandboxes.
        let block = try PortBlock(of: 500, in: 9_000...10_999)
        let pool = "\(block.first)-\(block.ports.upperBound)"
        try sandbox.portctl("start", environment: ["PORT_SERVER_POOLS_REGISTRY": pool])
        let client = PortClient(address: .home(sandbox.home))
        let granted = Mutex<[Int]>([])
        @Sendable func allocate(_ app: String) throws(ClientError) -> [Int] {
            let body = GroupRequestBody(app: app, instance: "main", count: 5, roles: ["a", "b", "c", "d", "e"])
            return try client.groups.create(body).allocations.map(\.port)
        }
        Threads.run(20) { thread in
            for number in 0..<5 {
                do {
                    let ports = try allocate("client\(thread)-\(number)")
                    granted.withLock { $0 += ports }
                } catch {
                    Issue.record(error)
                }
            }
        }
        #expect(granted.withLock { $0.sorted() } == Array(block.ports))
        let before = try client.allocations.list(AllocationQuery())
        let error = #expect(throws: ClientError.self) { try allocate("late") }
        guard case .refused(let refusal) = error else {
            Issue.record("not a refusal: \(String(describing: error))")
            return
        }
        #expect(refusal.code == "pool_full")
        #expect(try client.allocations.list(AllocationQuery()) == before)
    }
}
