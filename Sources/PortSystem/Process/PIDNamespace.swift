import Libc
import PortModel

/// Pid namespaces: pid_namespaces(7). The same pid stands for different processes in different namespaces, such as
/// containers.
enum PIDNamespace {
    /// The inode of the namespace of this process; `nil` on systems without pid namespaces.
    static let current: UInt64? = namespace(of: "self")

    /// Whether a process runs in `namespace`. Only this process's namespace and those nested in it are visible.
    static func hasProcesses(_ namespace: UInt64) -> Bool {
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

    /// Translates `pid` from the namespace of the process `client` into this process's namespace. Searches `client` and
    /// its ancestors, because clients name themselves or an ancestor as the owner. Returns `nil` when none of them has
    /// that pid, or when `client` is not visible from this namespace; its pid is then 0.
    static func translated(_ pid: Int32, seenBy client: Int32) -> Int32? {
        #if os(Linux)
            guard client > 0, let depth = pids(of: client)?.count else { return nil }
            if depth == 1 { return pid }
            var candidate = client
            // The limit ends the walk if parents change during it and form a cycle.
            for _ in 0..<64 {
                guard let nested = pids(of: candidate), nested.count == depth else { return nil }
                if nested[depth - 1] == pid { return candidate }
                guard let parent = ProcessFacts(pid: candidate)?.parent, parent > 0 else { return nil }
                candidate = parent
            }
            return nil
        #else
            return pid
        #endif
    }

    /// Returns the pids of a process from this namespace down to its own innermost one; `nil` when it has ended.
    private static func pids(of process: Int32) -> [Int32]? {
        let lines = (SmallFile.text(at: "/proc/\(process)/status") ?? "").split(separator: "\n")
        guard let line = lines.first(where: { $0.hasPrefix("NSpid:") }) else { return nil }
        return line.split(whereSeparator: \.isWhitespace).dropFirst().compactMap { Int32($0) }
    }
}
