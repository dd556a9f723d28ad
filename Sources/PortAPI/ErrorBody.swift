package import PortModel

/// The body of every response with a status of 400 or above.
package struct ErrorBody: Codable, Hashable, Sendable {
    /// The message, for people. It may change.
    package var error: String
    /// The error's code, for programs. It is stable.
    package var code: String
    /// The name or port that the error concerns.
    package var subject: String?
    /// What to do next, in words, for people.
    package var hint: String?
    /// The same for programs, best first; `nil` instead of an empty list.
    package var remedies: [RemedyDTO]?
    /// The allocation that has what was requested.
    package var holder: AllocationBody?
    /// The allocations that an ambiguous name fits.
    package var candidates: [AllocationBody]?
    /// The processes that listen on the port that is in use; `nil` instead of an empty list.
    package var occupiers: [ProcessDTO]?
    /// The project of the first occupier's directory, as `app/instance`; `nil` when there is none.
    package var project: String?
    /// The port that the service without an allocation had last; `nil` when none is remembered.
    package var remembered: RememberedBody?

    /// The code of a daemon that ends in favor of one in the client's network namespace: the client starts that one,
    /// and repeats the request.
    package static let givesWayCode = "gives_way"

    /// Creates a body. Without a `hint`, that is the remedies in plain words.
    package init(
        error: String,
        code: String,
        subject: String? = nil,
        hint: String? = nil,
        remedies: [Remedy] = [],
        holder: AllocationBody? = nil,
        candidates: [AllocationBody]? = nil,
        occupiers: [ProcessDTO]? = nil,
        project: String? = nil
    ) {
        self.error = error
        self.code = code
        self.subject = subject
        self.hint = hint ?? remedies.plainWords
        self.remedies = [RemedyDTO](remedies)
        self.holder = holder
        self.candidates = candidates
        self.occupiers = occupiers
        self.project = project
    }

    /// Returns what to do next as `words` says it, or the hint when there are no remedies, or unknown ones.
    package func hint(in words: ([Remedy]) -> String?) -> String? {
        remedies?.remedies.flatMap(words) ?? hint
    }
}
