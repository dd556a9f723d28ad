import Dispatch
import GRDB
import Libc
package import PortModel

#if canImport(FoundationEssentials)
    package import FoundationEssentials
#else
    package import Foundation
#endif

/// Sets a damaged database aside and recovers its readable rows into a new one.
///
/// Only the process that has the home's lock may do this. The file moves away under other processes that have it open;
/// their next write notices that and fails.
package struct DatabaseRecovery: Sendable {
    package let path: String
    /// Whether a non-SQLite file at `path` may be treated as our damaged database; true for the default path only.
    package let isOurs: Bool

    /// The result of a recovery.
    package struct Report: Sendable, CustomStringConvertible {
        /// What is wrong with the file, as text.
        package var damage: String
        /// The path of the damaged file now.
        package var setAside: String
        /// The number of allocations that were recovered.
        package var allocations: Int

        package var description: String {
            "the database was damaged (\(damage)): set aside as \(setAside), rebuilt with \(allocations) allocations"
        }
    }

    package init(path: String, isOurs: Bool) {
        self.path = path
        self.isOurs = isOurs
    }

    private static let setAsideSuffix = ".damaged-"

    /// The paths of the damaged files that were set aside for the database at `path`, without their logs.
    static func setAside(of path: String) throws -> [String] {
        let (directory, name) = (URL(filePath: path).deletingLastPathComponent(), URL(filePath: path).lastPathComponent)
        return try FileManager.default.contentsOfDirectory(atPath: directory.path)
            .filter { $0.hasPrefix(name + setAsideSuffix) && !$0.hasSuffix("-wal") }
            .sorted()
            .map { directory.appending(path: $0).path }
    }

    private var log: String { SQLiteStore.logPath(of: path) }
    private var rebuilt: String { path + ".rebuilt" }
    private var copy: String { path + ".salvage" }

    /// Recovers the database if it is damaged. Returns `nil` when it is intact or missing. Throws `storage_failed` when
    /// the directory cannot be written.
    package func recoverIfNeeded(at now: Date = Date()) throws(RegistryError) -> Report? {
        do {
            guard let damage = try damage() else { return nil }
            // The damaged file is moved away only after the new one is complete, so a new one alone means that an
            // earlier recovery was interrupted in its last step.
            let isComplete = size(of: path) == nil && size(of: rebuilt) != nil
            if !isComplete { try rebuild() }
            return try exchange(damage: damage, at: now)
        } catch {
            throw RegistryError(
                .storageFailed,
                "the database \(path) is damaged, and cannot be rebuilt: \(error)",
                remedies: [.advice("keep a copy of it, make room on the disk"), .otherDatabase]
            )
        }
    }

    /// What is wrong with the file; `nil` when it is intact, or in a way that a recovery cannot repair.
    private func damage() throws -> String? {
        guard let size = size(of: path) else {
            if self.size(of: rebuilt) != nil { return "it was being rebuilt when the machine or the daemon stopped" }
            return (self.size(of: log) ?? 0) > 0 ? "the file is missing, but its log exists" : nil
        }
        // SQLite would treat an empty file as a new database and remove its log.
        guard size > 0 || isBeingCreated() else { return "the file is empty" }
        do {
            // Read-only: closing a writable connection would copy the log into the damaged file.
            let findings = try open(path, readonly: true).read { try String.fetchAll($0, sql: "PRAGMA quick_check(1)") }
            return findings == ["ok"] ? nil : findings.first
        } catch let error as DatabaseError {
            switch error.resultCode {
            case .SQLITE_CORRUPT: return error.message ?? "the file is damaged"
            case .SQLITE_NOTADB: return isOurs ? "the file is not a database" : nil
            // Such as a lock or missing permissions: opening the database reports it.
            default: return nil
            }
        }
    }

    /// Whether another program has just created the empty file and writes to it within 100 ms.
    private func isBeingCreated() -> Bool {
        let pause = DispatchSemaphore(value: 0)
        for _ in 0..<20 where size(of: path) == 0 { _ = pause.wait(timeout: .now() + .milliseconds(5)) }
        return size(of: path) != 0
    }

    /// Builds the new database from a copy of the damaged one, because reading may change the file. An unfinished build
    /// of an earlier recovery starts again.
    private func rebuild() throws {
        for file in [copy, rebuilt] { try remove(file) }
        if size(of: path) != nil { try FileManager.default.copyItem(atPath: path, toPath: copy) }
        if size(of: log) != nil { try FileManager.default.copyItem(atPath: log, toPath: copy + "-wal") }
        let target = try open(rebuilt)
        try Migrations.all.migrate(target)
        // If the copy cannot even be opened, the new database stays empty.
        if let source = try? open(copy, isDamaged: true) {
            // A database of an older version has other tables. If they cannot be migrated, recover what matches.
            try? Migrations.all.migrate(source)
            try RowRecovery(source: source, target: target).run()
            try source.close()
        }
        try target.close()
        try remove(copy)
    }

    /// Sets the damaged file and its log aside, and moves the new database to `path`.
    private func exchange(damage: String, at now: Date) throws -> Report {
        let moment = now.formatted(.iso8601.dateSeparator(.omitted).timeSeparator(.omitted))
        let aside = path + Self.setAsideSuffix + moment
        for suffix in ["", "-wal"] where size(of: path + suffix) != nil {
            try FileManager.default.moveItem(atPath: path + suffix, toPath: aside + suffix)
        }
        // The index of the log that was moved away.
        if size(of: path + "-shm") != nil { try FileManager.default.removeItem(atPath: path + "-shm") }
        let target = try open(rebuilt)
        try Migrations.all.migrate(target)
        let count = try target.write { database in
            let count = Int(try database.number("SELECT count(*) FROM allocation"))
            let reason = "\(damage): set aside as \(aside), rebuilt with \(count) allocations"
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
        // Without this, SQLite reads nothing from a file that is shorter than its header says.
        if isDamaged { configuration.prepareDatabase { try $0.execute(sql: "PRAGMA writable_schema = ON") } }
        configuration.readonly = readonly
        configuration.busyMode = .timeout(5)
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    /// The size of a file in bytes; `nil` when there is no such file.
    private func size(of path: String) -> Int? {
        // Not with FileManager, which also finds the name of the file's owner.
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : nil
    }

    private func remove(_ path: String) throws {
        for suffix in ["", "-wal", "-shm", "-journal"] where size(of: path + suffix) != nil {
            try FileManager.default.removeItem(atPath: path + suffix)
        }
    }
}
