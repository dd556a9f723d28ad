import PortModel

/// The rows of another system's file, sorted into those that can be imported and those that cannot: a pure decision.
package struct ImportList: Sendable {
    /// A row that is not imported, and why.
    package struct Skipped: Hashable, Sendable {
        package let name: String?
        package let port: Int64?
        package let reason: String

        package init(name: String?, port: Int64?, reason: String) {
            self.name = name
            self.port = port
            self.reason = reason
        }
    }

    package private(set) var entries: [ImportEntry] = []
    package private(set) var skipped: [Skipped] = []

    /// Checks the rows. Several ports of one name become replicas, the lowest port first. `startOf` returns when the
    /// process with that pid was started, in milliseconds since 1970; `nil` when there is none. One that was started
    /// after the row was written only has the same pid.
    package init(_ rows: [ImportRow], startOf: (Int32) -> Int64?) {
        var replicas: [ServiceIdentity: Int] = [:]
        var ports: Set<Port> = []
        for row in rows.sorted(by: { $0.port ?? 0 < $1.port ?? 0 }) {
            guard let number = row.port, let port = Int(exactly: number).flatMap(Port.init) else {
                skip(row, "its port is not a number between 1 and 65535")
                continue
            }
            let identity: ServiceIdentity
            switch row.identity {
            case .success(let valid): identity = valid
            case .failure(let error):
                skip(row, error.message)
                continue
            }
            let pid = Self.livingOwner(of: row, startOf: startOf)
            if identity.isAnonymous && pid == nil {
                skip(row, "it has no name to remember the port for, and no process that runs")
            } else if !ports.insert(port).inserted {
                skip(row, "the file has this port twice")
            } else {
                let replica = replicas[identity, default: 0]
                replicas[identity] = replica + 1
                entries.append(ImportEntry(identity: identity, replica: replica, port: port, pid: pid))
            }
        }
    }

    private mutating func skip(_ row: ImportRow, _ reason: String) {
        // A name that is too long is shown as far as a valid one could be.
        let name = row.name.map { String(String.UnicodeScalarView($0.unicodeScalars.prefix(Name.maximumLength))) }
        skipped.append(Skipped(name: name, port: row.port, reason: reason))
    }

    /// Clocks differ by less, and a pid is not reused so soon.
    private static let toleranceInMilliseconds: Int64 = 2000

    private static func livingOwner(of row: ImportRow, startOf: (Int32) -> Int64?) -> Int32? {
        guard let pid = row.pid.flatMap({ Int32(exactly: $0) }), pid > 1, let seenAt = row.seenAt,
            let start = startOf(pid), start - toleranceInMilliseconds <= seenAt
        else { return nil }
        return pid
    }
}
