import Dispatch
import GRDB
package import PortModel

#if canImport(FoundationEssentials)
    package import FoundationEssentials
#else
    package import Foundation
#endif

/// A damaged database, set aside and made anew from what it still answers. Only the process that has the home's lock
/// may do this: it takes the file away from whoever else has it open, who then refuses to write.
package struct DatabaseRecovery: Sendable {
    package let path: String
    /// Whether a file that is no SQLite database is a damaged one of ours, and not somebody's thesis.
    package let isOurs: Bool

    /// What was done.
    package struct Report: Sendable, CustomStringConvertible {
        /// What was wrong with the file.
        package var damage: String
        /// Where the damaged file is now.
        package var setAside: String
        /// How many allocations it still knew.
        package var allocations: Int

        package var description: String {
            "the database was damaged (\(damage)): set aside as \(setAside), made anew with \(allocations) allocations"
        }
    }

    package init(path: String, isOurs: Bool) {
        self.path = path
        self.isOurs = isOurs
    }

    private static let mark = ".damaged-"

    /// The damaged files that were set aside for the database at `path`, without their logs.
    static func setAside(of path: String) throws -> [String] {
        let (directory, name) = (URL(filePath: path).deletingLastPathComponent(), URL(filePath: path).lastPathComponent)
        return try FileManager.default.contentsOfDirectory(atPath: directory.path)
            .filter { $0.hasPrefix(name + mark) && !$0.hasSuffix("-wal") }
            .sorted()
            .map { directory.appending(path: $0).path }
    }

    private var log: String { path + "-wal" }
    private var rebuilt: String { path + ".rebuilt" }
    private var copy: String { path + ".salvage" }

    /// Rescues the database if it is damaged. Returns `nil` when it is whole, or missing. Throws `storage_failed` when
    /// the directory cannot be written.
    package func recoverIfNeeded(at now: Date = Date()) throws(RegistryError) -> Report? {
        do {
            guard let damage = try damage() else { return nil }
            // Without the other one it is complete: a rescue was interrupted in its last step.
            let isComplete = size(of: path) == nil && size(of: rebuilt) != nil
            if !isComplete { try rebuild() }
            return try exchange(damage: damage, at: now)
        } catch {
            throw RegistryError(
                .storageFailed,
                "the database \(path) is damaged, and cannot be rebuilt: \(error)",
                hint: "keep a copy of it, make room on the disk, or name another database with --db"
            )
        }
    }

    /// What is wrong with the file; `nil` also when that is not for a rescue to mend.
    private func damage() throws -> String? {
        guard let size = size(of: path) else {
            if self.size(of: rebuilt) != nil { return "it was being rebuilt when the machine or the daemon stopped" }
            return (self.size(of: log) ?? 0) > 0 ? "the file is missing, and its log is there" : nil
        }
        // SQLite takes this for a new database, and removes its log.
        guard size > 0 || isBeingMade() else { return "the file is empty" }
        do {
            // Writable, it would bring the damaged file up to date with its log when it is closed.
            let findings = try open(path, readonly: true).read { try String.fetchAll($0, sql: "PRAGMA quick_check(1)") }
            return findings == ["ok"] ? nil : findings.first
        } catch let error as DatabaseError {
            switch error.resultCode {
            case .SQLITE_CORRUPT: return error.message ?? "the file is damaged"
            case .SQLITE_NOTADB: return isOurs ? "the file is no database" : nil
            // Locked, no permission: opening it tells.
            default: return nil
            }
        }
    }

    /// Whether an empty file is that of a program which has just begun with it.
    private func isBeingMade() -> Bool {
        let pause = DispatchSemaphore(value: 0)
        for _ in 0..<20 where size(of: path) == 0 { _ = pause.wait(timeout: .now() + .milliseconds(5)) }
        return size(of: path) != 0
    }

    /// Makes the new database, of a copy, because reading may change a file. Unfinished, it is made again.
    private func rebuild() throws {
        for file in [copy, rebuilt] { try remove(file) }
        if size(of: path) != nil { try FileManager.default.copyItem(atPath: path, toPath: copy) }
        if size(of: log) != nil { try FileManager.default.copyItem(atPath: log, toPath: copy + "-wal") }
        let target = try open(rebuilt)
        try Migrations.all.migrate(target)
        // A file that cannot even be opened answers nothing.
        if let source = try? open(copy, isDamaged: true) {
            // An older version's: its tables are brought up to date, if they can be.
            try? Migrations.all.migrate(source)
            try RowRecovery(source: source, target: target).run()
            try source.close()
        }
        try target.close()
        try remove(copy)
    }

    /// Sets the damaged file and its log aside, and puts the new one in its place.
    private func exchange(damage: String, at now: Date) throws -> Report {
        let moment = now.formatted(.iso8601.dateSeparator(.omitted).timeSeparator(.omitted))
        let aside = path + Self.mark + moment
        for suffix in ["", "-wal"] where size(of: path + suffix) != nil {
            try FileManager.default.moveItem(atPath: path + suffix, toPath: aside + suffix)
        }
        // An index of the log that is there no more.
        if size(of: path + "-shm") != nil { try FileManager.default.removeItem(atPath: path + "-shm") }
        let target = try open(rebuilt)
        try Migrations.all.migrate(target)
        let count = try target.write { database in
            let count = Int(try database.number("SELECT count(*) FROM allocation"))
            let reason = "\(damage): set aside as \(aside), made anew with \(count) allocations"
            try database.execute(
                sql: """
                    INSERT INTO journal (at, action, face, caller, reason)
                    VALUES (?, 'rebuilt', 'registry', 'port-server', ?)
                    """,
                arguments: [Int64(now.timeIntervalSince1970 * 1000), reason]
            )
            return count
        }
        try target.close()
        try FileManager.default.moveItem(atPath: rebuilt, toPath: path)
        return Report(damage: damage, setAside: aside, allocations: count)
    }

    private func open(_ path: String, readonly: Bool = false, isDamaged: Bool = false) throws -> DatabaseQueue {
        var configuration = Configuration()
        // Otherwise nothing is read from a file that is shorter than its header says.
        if isDamaged { configuration.prepareDatabase { try $0.execute(sql: "PRAGMA writable_schema = ON") } }
        configuration.readonly = readonly
        configuration.busyMode = .timeout(5)
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    /// In bytes; `nil` when there is no such file.
    private func size(of path: String) -> UInt64? {
        let size = try? FileManager.default.attributesOfItem(atPath: path)[.size]
        // Which of the two it is depends on whether the whole of Foundation is linked.
        return size as? UInt64 ?? (size as? UInt).map(UInt64.init)
    }

    private func remove(_ path: String) throws {
        for suffix in ["", "-wal", "-shm", "-journal"] where size(of: path + suffix) != nil {
            try FileManager.default.removeItem(atPath: path + suffix)
        }
    }
}
