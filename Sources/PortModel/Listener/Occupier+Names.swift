extension Occupier {
    /// Returns the names and pids on one line for messages, such as `node (pid 12), nginx (pid 13)`.
    package static func names(of occupiers: [Occupier]) -> String {
        occupiers.map { "\($0.name.oneLine) (pid \($0.pid))" }.joined(separator: ", ")
    }
}
