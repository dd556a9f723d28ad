extension String {
    /// The text with U+FFFD in place of every unprintable character. Names of processes and directories are arbitrary,
    /// and must neither break lines nor control the terminal.
    package var oneLine: String {
        String(String.UnicodeScalarView(unicodeScalars.map { Name.isUnprintable($0) ? "\u{FFFD}" : $0 }))
    }

    /// The same for a text of several lines.
    package var severalLines: String {
        split(separator: "\n", omittingEmptySubsequences: false).map { String($0).oneLine }.joined(separator: "\n")
    }
}
