/// The exit codes of the commands that answer whether something is so (docs/cli.md).
enum AnswerCode {
    static let unknown: Int32 = 2
    static let foreign: Int32 = 3
    static let nobody: Int32 = 4
    static let timeout: Int32 = 5

    /// The exit code for a verdict: 0 for `mine`.
    static func of(verdict: String) -> Int32 {
        switch verdict {
        case "mine": 0
        case "foreign": foreign
        case "none": nobody
        default: unknown
        }
    }
}
