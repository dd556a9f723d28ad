extension String {
    /// Without what would move a terminal's cursor: processes and directories may be called anything.
    package var oneLine: String {
        String(String.UnicodeScalarView(unicodeScalars.map { Name.isUnprintable($0) ? "\u{FFFD}" : $0 }))
    }
}
