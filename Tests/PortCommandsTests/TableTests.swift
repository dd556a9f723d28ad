import PortAPI
import Testing

@testable import PortCommands

@Suite struct TableTests {
    private var allocations: [AllocationBody] {
        var second = AllocationBody(
            id: 12,
            app: "a-long-name",
            instance: "dev",
            service: "web",
            port: 80,
            createdAt: "2025-02-08T15:04:06Z"
        )
        second.state = "active"
        second.holds = [HoldDTO(kind: "permanent", face: "registry")]
        second.directory = "/src/shop"
        return [
            AllocationBody(
                id: 1,
                app: "shop",
                instance: "feature/login",
                service: "db",
                port: 65535,
                createdAt: "2025-02-08T15:04:05Z"
            ), second,
        ]
    }

    @Test func columnsAreAsWideAsTheirWidestCell() {
        #expect(
            Table(of: allocations, wide: false).rendered(emphasizingHeader: false) == """
                ID  APP          INSTANCE       SERVICE  PORT   CREATED
                1   shop         feature/login  db       65535  2025-02-08 15:04:05
                12  a-long-name  dev            web      80     2025-02-08 15:04:06
                """
        )
    }

    @Test func wideAddsStateHoldsOwnerAndDirectory() {
        let lines = Table(of: allocations, wide: true).rendered(emphasizingHeader: false).split(separator: "\n")
        #expect(lines[0].hasSuffix("CREATED              STATE   HOLDS      OWNER  DIRECTORY"))
        #expect(lines[1].hasSuffix("15:04:05  -       -          -      -"))
        #expect(lines[2].hasSuffix("15:04:06  active  permanent  -      /src/shop"))
    }

    @Test func headerIsEmphasizedOnlyOnATerminal() {
        let table = Table(["A"])
        #expect(table.rendered(emphasizingHeader: true) == "\u{1B}[1mA\u{1B}[0m")
        #expect(table.rendered(emphasizingHeader: false) == "A")
    }
}
