/// The ancestors of processes.
package enum ProcessLineage {
    /// Returns `pids` and the pids of their ancestors, as far as they can be seen, without process 1.
    package static func pids(of pids: some Sequence<Int32>) -> Set<Int32> {
        var found: Set<Int32> = []
        for pid in pids {
            var next = pid
            // What was found before has ancestors that were, too; so does the end of a cycle of parents that change.
            while next > 1, !found.contains(next), let parent = parent(of: next) {
                found.insert(next)
                next = parent
            }
        }
        return found
    }

    private static func parent(of pid: Int32) -> Int32? {
        #if os(Linux)
            ProcessStat(pid: pid)?.parent
        #else
            ProcessFacts(pid: pid)?.parent
        #endif
    }
}
