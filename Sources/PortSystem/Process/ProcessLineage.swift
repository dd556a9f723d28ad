/// The ancestors of processes.
package enum ProcessLineage {
    /// Returns `pids` and the pids of their ancestors, as far as they can be seen, without process 1.
    package static func pids(of pids: some Sequence<Int32>) -> Set<Int32> {
        Set(pids.flatMap { ProcessFacts.lineage(of: $0) })
    }
}
