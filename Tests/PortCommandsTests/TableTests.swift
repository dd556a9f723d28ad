import PortAPI
import Testing

@testable import PortCommands

@Suite struct TableTests {
    private static let widths = [1, 2, 3, 7, 10, 20, 39, 40, 79, 80, 120, 160, 300]

    @Test func columnsAreAsWideAsTheirWidestCellInAPipe() {
        let display = TableRows.display(nil)
        let lines = Table(of: TableRows.allocations, wide: false, for: display).rendered(for: display)
        #expect(
            lines == """
                ID   APP                 INSTANCE                        SERVICE            PORT  CREATED
                1    shop                main                            web                3001  2025-02-09 00:04:05
                2    analytics-platform  feature/checkout-redesign-2025  background-worker  3002  2025-02-09 00:04:05
                13   sticky              default                         default            3103  2025-02-09 00:04:05
                114  shop                main                            api                8000  2025-02-09 00:04:05
                """
        )
    }

    @Test func wideAddsStateHoldsOwnerAndDirectoryAndPutsConflictsFirst() {
        let display = TableRows.display(nil)
        let lines = Table(of: TableRows.allocations, wide: true, for: display).rendered(for: display)
            .split(separator: "\n")
        #expect(lines[0].contains("CREATED              STATE                       HOLDS      OWNER  DIRECTORY"))
        #expect(lines[1].hasSuffix("conflict: python3 (pid 99)  permanent  -      /home/ann/code/shop"))
        #expect(lines[2].hasSuffix("active                      process    4242   /home/ann/code/shop"))
        #expect(lines[4].hasSuffix("lingering                   -          -      -"))
    }

    @Test(arguments: widths)
    func noLineIsLongerThanTheWindow(_ width: Int) {
        let display = TableRows.display(width)
        let tables = [
            Table(of: TableRows.allocations, wide: false, for: display),
            Table(of: TableRows.allocations, wide: true, for: display),
            Table(of: TableRows.listeners, for: display),
            Table(of: TableRows.entries, for: display),
            Table(of: TableRows.entries, withPorts: false, for: display),
            hostileTable,
        ]
        for line in tables.flatMap({ $0.rendered(for: display).split(separator: "\n") }) {
            #expect(String(line).columns <= width, "\(line)")
        }
    }

    private var hostileTable: Table {
        var table = Table([.init("PORT"), .init("NAME", minimum: 8), .init("WHY", rank: 1, minimum: 4, wraps: true)])
        for text in TableRows.hostileTexts { table.add(["3000", Table.Cell(text, .conflict), Table.Cell(text)]) }
        return table
    }

    @Test func hostileTextNeitherControlsTheTerminalNorBreaksLines() {
        let scalars = hostileTable.rendered(for: TableRows.display(nil)).unicodeScalars
        #expect(scalars.count { $0 == "\n" } == TableRows.hostileTexts.count)
        #expect(!scalars.contains { $0 == "\u{1B}" || $0 == "\u{9B}" || $0 == "\u{202E}" || $0 == "\t" })
    }

    /// 500 rows of 4 KB: enough for cubic work to take minutes.
    @Test func manyLongRowsAreShortened() {
        var table = Table([.init("PORT"), .init("COMMAND", minimum: 8), .init("WHY", minimum: 8, wraps: true)])
        let long = String(repeating: "arg-字 ", count: 500)
        for port in 0..<500 { table.add(["\(port)", Table.Cell(long), "why"]) }
        let lines = table.rendered(for: TableRows.display(80)).split(separator: "\n")
        #expect(lines.count == 501 && lines.allSatisfy { String($0).columns <= 80 })
    }

    @Test func columnsWithTheHighestRankAreLeftOutFirst() {
        let columns: [Table.Column] = [.init("A"), .init("B", rank: 1), .init("C", rank: 2), .init("D", minimum: 4)]
        func shown(_ limit: Int) -> [Int] {
            Table.Fitting(natural: [10, 10, 10, 20], columns: columns, limit: limit).columns
        }
        #expect(shown(56) == [0, 1, 2, 3])
        #expect(shown(40) == [0, 1, 2, 3])
        #expect(shown(39) == [0, 1, 3])
        #expect(shown(27) == [0, 3])
        #expect(shown(3) == [0])
        let spare = [columns[0], Table.Column("B", isSpare: true), columns[3]]
        #expect(Table.Fitting(natural: [10, 10, 20], columns: spare, limit: 43).columns == [0, 2])
        #expect(Table.Fitting(natural: [10, 10, 20], columns: spare, limit: 44).columns == [0, 1, 2])
    }

    @Test(arguments: [
        ("feature/login", 13, "feature/login"), ("feature/login", 12, "featu…/login"), ("feature/login", 3, "f…n"),
        ("feature/login", 2, "…n"), ("feature/login", 1, "…"), ("feature/login", 0, ""), ("字字字字", 5, "字…字"),
        ("字字字字", 4, "…字"),
    ])
    func middleIsShortened(_ text: String, _ limit: Int, _ shortened: String) {
        #expect(text.shortened(limit) == shortened)
    }

    @Test func wrappedTextIsBrokenAtSpaces() {
        #expect("port 3000 is taken by nginx".wrapped(10) == ["port 3000", "is taken", "by nginx"])
        #expect("aaaaaaaa b".wrapped(3) == ["aaa", "aaa", "aa", "b"])
        #expect("".wrapped(5) == [""])
    }

    @Test func stateHasColorAndSignOnlyWhereTheyAreAllowed() {
        var display = TableRows.display(80, isColored: true)
        #expect(Table.Cell(state: "conflict", for: display).text == "◈ conflict")
        #expect(display.painted("x", .conflict) == "\u{1B}[1;31mx\u{1B}[0m")
        display.isColored = false
        display.hasSigns = false
        #expect(Table.Cell(state: "conflict", for: display).text == "conflict")
        #expect(display.painted("x", .conflict) == "x")
    }

    @Test(arguments: [
        ("2025-02-08T15:04:05Z", "3m ago"), ("2025-02-08T15:07:05Z", "now"), ("2025-02-08T15:07:04.999Z", "1s ago"),
        ("2025-02-08T13:07:05Z", "2h ago"), ("2025-02-05T15:07:05Z", "3d ago"), ("2024-02-28T15:07:05Z", "49w ago"),
        ("2099-01-01T00:00:00Z", "now"), ("yesterday", "-"),
    ])
    func ageIsGivenInItsLargestUnit(_ time: String, _ age: String) {
        #expect(TableRows.display(nil).age(time) == age)
    }

    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("2000-02-29T12:00:00Z", 951_825_600), ("2000-03-01T00:00:00Z", 951_868_800),
        ("2025-02-08T15:04:05.250Z", 1_739_027_045), ("2100-12-31T23:59:59Z", 4_133_980_799),
    ])
    func timeOfTheDaemonIsRead(_ text: String, _ seconds: Int64) {
        #expect(Moment(rfc3339: text)?.seconds == seconds)
    }

    @Test(arguments: ["", "2025-02-08", "2025-13-08T15:04:05Z", "2025-02-08T15:04:05+01:00", "x"])
    func otherTimeIsShownAsItIs(_ text: String) {
        #expect(TableRows.display(80).time(text) == text)
    }

    @Test func homeIsATildeInATerminalOnly() {
        var display = TableRows.display(80)
        #expect(display.path("/home/ann/code") == "~/code" && display.path("/home/ann") == "~")
        #expect(display.path("/home/anna") == "/home/anna")
        display.home = "/"
        #expect(display.path("/srv") == "/srv")
        #expect(TableRows.display(nil).path("/home/ann/code") == "/home/ann/code")
    }

    @Test func eventsAreAlignedWithEachOther() {
        var first = EventBody(type: "listener_appeared", at: "2025-02-08T15:04:05.250Z")
        first.port = 3000
        first.service = "shop/main/web"
        var second = EventBody(type: "held", at: "2025-02-08T15:04:05.250Z")
        second.port = 65535
        second.caller = "pid 42"
        second.reason = String(repeating: "because ", count: 40)
        let lines = [first, second].map { $0.line(for: TableRows.display(80)) }
        #expect(lines[0] == "00:04:05  listener appeared  3000   shop/main/web")
        #expect(lines[1].hasPrefix("00:04:05  held               65535  -    "))
        #expect(lines[1].columns <= 80)
        #expect(second.line(for: TableRows.display(nil)).hasSuffix("pid 42  \(second.reason!)"))
    }
}
