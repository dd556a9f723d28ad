/// A next step after a refusal or a finding, for programs: an action and its values. Actions may be added; a client
/// that does not know one shows the hint beside the remedies.
package struct RemedyDTO: Codable, Hashable, Sendable {
    /// The name of the step, such as `kill`.
    package var action: String
    package var port: Int?
    package var pid: Int?
    package var app: String?
    package var instance: String?
    package var service: String?
    /// What `restart` achieves.
    package var purpose: String?
    /// Whose unit `stop_unit` is about: `system`, `user` or `either`.
    package var manager: String?
    /// What runs the container of `stop_container`: `docker`, `podman` or `runtime`.
    package var engine: String?
    /// The name of the setting that `change_setting` is about.
    package var setting: String?
    /// The file that `check_recovery` is about.
    package var path: String?
    /// The words of `advice`, `reason` and `change_setting`.
    package var text: String?

    package init(action: String) { self.action = action }
}
