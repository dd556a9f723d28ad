/// Every answer of 400 and above.
package struct ErrorBody: Codable, Hashable, Sendable {
    /// For people.
    package var error: String
    /// Stable, for programs.
    package var code: String
    /// What the error is about.
    package var subject: String?
    /// What to try next.
    package var hint: String?
    /// Who has what was asked for.
    package var holder: AllocationBody?
    /// What an ambiguous name could mean; else left out.
    package var candidates: [AllocationBody]?

    package init(
        error: String,
        code: String,
        subject: String? = nil,
        hint: String? = nil,
        holder: AllocationBody? = nil,
        candidates: [AllocationBody]? = nil
    ) {
        self.error = error
        self.code = code
        self.subject = subject
        self.hint = hint
        self.holder = holder
        self.candidates = candidates
    }
}
