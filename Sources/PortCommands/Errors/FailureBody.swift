import PortAPI
import PortModel

/// A failure as JSON: what a command with `--json` prints to standard error (docs/cli.md).
struct FailureBody: Encodable {
    let code: String
    let message: String
    let subject: String?
    let hint: String?
    /// The allocation that has what was requested.
    let holder: AllocationBody?
    /// The allocations that an ambiguous name fits.
    let candidates: [AllocationBody]?

    init(_ failure: Failure) {
        code = failure.code ?? "failed"
        message = failure.message
        subject = failure.subject
        // The hint as text also lists the candidates.
        hint = failure.refusal.map { $0.hint(in: \.commandLineWords) } ?? failure.hint
        holder = failure.refusal?.holder
        candidates = failure.refusal?.candidates
    }
}
