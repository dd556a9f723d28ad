import PortAPI
import PortModel

extension EventBody {
    /// The event in one line, aligned with its neighbours: `11:12:13  allocated  3000  shop/main/web  pid 42`.
    func line(for display: Display) -> String {
        let who = listener.map { $0.processes.map(\.description).joined(separator: ", ") } ?? caller
        let cells: [Table.Cell] = [
            Table.Cell(String(display.time(at).suffix(8))),
            Table.Cell(type.replacing("_", with: " "), Tone(action: type)),
            Table.Cell(port.map(String.init) ?? "-"),
            Table.Cell(service.map(ServiceIdentity.machineWideName) ?? "-"),
            Table.Cell([who, reason].compactMap(\.self).joined(separator: "  ")),
        ]
        // The next events are unknown, so the widths are those that most of them need.
        let natural = [8, 17, 5, 24, display.width ?? 0]
        let fitted = Table.Fitting(natural: natural, columns: Self.columns, limit: display.width)
        return fitted.line(of: cells.map { Table.Cell($0.text.oneLine, $0.tone) }, for: display)
    }

    private static let columns: [Table.Column] = [
        .init("TIME", rank: 1), .init("WHAT", minimum: 9), .init("PORT"), .init("SERVICE", minimum: 12),
        .init("WHO AND WHY", minimum: 16),
    ]
}
