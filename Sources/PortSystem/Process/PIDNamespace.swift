import Libc
import PortModel

/// Pids mean different processes in different pid namespaces, such as containers.
enum PIDNamespace {
    /// This process's; `nil` where there are none.
    static let own: UInt64? = namespace(of: "self")

    /// Whether a process lives in the namespace, as far as we can see: those below ours.
    static func isAlive(_ namespace: UInt64) -> Bool {
        #if os(Linux)
            ProcDirectory.all.contains { self.namespace(of: "\($0)") == namespace }
        #else
            false
        #endif
    }

    private static func namespace(of process: String) -> UInt64? {
        #if os(Linux)
            var status = stat()
            return stat("/proc/\(process)/ns/pid", &status) == 0 ? UInt64(status.st_ino) : nil
        #else
            return nil
        #endif
    }

    /// Our own pid of the process that `client` calls `pid`: itself, or one of those above it, which are the ones that
    /// clients name. `nil` when there is none that we can see. `client` is 0 for a process that we cannot see.
    static func translated(_ pid: Int32, seenBy client: Int32) -> Int32? {
        #if os(Linux)
            guard client > 0, let depth = pids(of: client)?.count else { return nil }
            if depth == 1 { return pid }
            var candidate = client
            // A parent that changes while we look could send us in circles.
            for _ in 0..<64 {
                guard let own = pids(of: candidate), own.count == depth else { return nil }
                if own[depth - 1] == pid { return candidate }
                guard let parent = ProcessFacts(pid: candidate)?.parent, parent > 0 else { return nil }
                candidate = parent
            }
            return nil
        #else
            return pid
        #endif
    }

    /// The process's pid in our namespace, in the one below, and so on down to its own; `nil` when it has ended.
    private static func pids(of process: Int32) -> [Int32]? {
        let lines = (SmallFile.text(at: "/proc/\(process)/status") ?? "").split(separator: "\n")
        guard let line = lines.first(where: { $0.hasPrefix("NSpid:") }) else { return nil }
        return line.split(whereSeparator: \.isWhitespace).dropFirst().compactMap { Int32($0) }
    }
}
