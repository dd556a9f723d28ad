package import PortAPI
import PortModel
package import PortRegistry

extension ImportEntryDTO {
    /// Creates the wire form; the first replica has no number in it.
    package init(_ entry: ImportEntry) {
        self.init(
            app: entry.identity.app,
            instance: entry.identity.instance,
            service: entry.identity.service,
            replica: entry.replica == 0 ? nil : entry.replica,
            port: Int(entry.port.number),
            ownerPID: entry.pid
        )
    }
}
