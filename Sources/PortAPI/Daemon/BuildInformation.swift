import CBuildStamp

/// The version of this build, and when and from which commit it was made.
package enum BuildInformation {
    /// Semantic version, as in CHANGELOG.md.
    package static let version = "0.2.0"
    /// The abbreviated commit hash, with `-dirty` for a modified working tree; `unknown` outside `make build`.
    package static let commit = String(cString: portctl_commit())
    /// RFC 3339, UTC; `unknown` outside `make build`.
    package static let buildDate = String(cString: portctl_build_date())
}
