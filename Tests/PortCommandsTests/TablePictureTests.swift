import Testing

@testable import PortCommands

/// Compares tables at several widths with a file, which shows a reader what users see.
extension GoldenTests {
    @Test func tablesMatchTheGoldenFile() throws {
        var text = ""
        for width in [nil, 160, 120, 80, 40] {
            let display = TableRows.display(width)
            let pictures: [(String, Table)] = [
                ("list", Table(of: TableRows.allocations, wide: false, for: display)),
                ("list --wide", Table(of: TableRows.allocations, wide: true, for: display)),
                ("ps", Table(of: TableRows.listeners, for: display)),
                ("events", Table(of: TableRows.entries, for: display)),
                ("why 8000", Table(of: TableRows.entries, withPorts: false, for: display)),
            ]
            for (command, table) in pictures {
                text += "$ portctl \(command)  # \(width.map { "\($0) columns" } ?? "pipe")\n"
                text += table.rendered(for: display) + "\n\n"
            }
        }
        try expectGolden("tables.txt", text)
    }

    @Test func coloredTableMatchesTheGoldenFile() throws {
        let display = TableRows.display(100, isColored: true)
        let table = Table(of: TableRows.allocations, wide: true, for: display).rendered(for: display)
        try expectGolden("colors.txt", table.replacing("\u{1B}", with: "␛") + "\n")
    }
}
