/// `DELETE /v1/holds`: all that one face placed.
package struct FaceHoldsBody: Codable, Hashable, Sendable {
    /// As ``AllocateBody/face``; must be given.
    package var face: String?

    package init(face: String?) { self.face = face }
}
