package import PortAPI
package import PortRegistry

extension SkippedEntryDTO {
    /// Creates the wire form.
    package init(_ row: ImportList.Skipped) {
        self.init(name: row.name, port: row.port.map(Int.init), reason: row.reason)
    }
}
