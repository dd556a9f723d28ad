/// The body of `DELETE /v1/holds`, which ends all holds that one face placed.
package struct FaceHoldsBody: Codable, Hashable, Sendable {
    /// One of the faces of ``AllocateBody/face``; required.
    package var face: String?

    package init(face: String?) { self.face = face }
}
