import PortModel
import PortRegistry
import Testing

@testable import PortStore

@Suite struct TableColumnTests {
    @Test func columnsHaveTheNamesOfTheDatabase() {
        #expect(
            Allocation.Column.allCases.map(\.name).suffix(4) == ["group_id", "asker_pid", "known_boot", "known_is_own"]
        )
        #expect(Hold.Column.list(of: "h").hasPrefix("h.id, h.face, h.kind, h.placed_at, h.renewed_at, h.ttl_seconds"))
        #expect(Hold.Column.list(of: "h").contains("h.owner_pid, h.owner_start, h.owner_inode, h.owner_namespace"))
        #expect(Hold.Column.list(of: "h").hasSuffix("h.origin_folder, h.origin_time, h.is_command"))
        #expect(JournalEntry.columns == "id, at, action, face, caller, app, instance, service, port, reason")
    }
}
