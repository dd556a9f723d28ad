import CBuildStamp

/// What this build is.
package enum BuildInformation {
    /// Semantic version, as in CHANGELOG.md.
    package static let version = "0.1.0"
    /// The commit's abbreviated hash, with `-dirty` for a changed work tree; `unknown` outside `make build`.
    package static let commit = String(cString: portctl_commit())
    /// RFC 3339, UTC; `unknown` outside `make build`.
    package static let buildDate = String(cString: portctl_build_date())
}
