import PortModel

/// Changes names of directories into valid names; see `Name` in PortModel.
enum ProjectName {
    /// Returns `directoryName` with `-` in place of unprintable characters, without surrounding white space, and
    /// shortened to the maximum length. An empty name, that of `/`, becomes `root`.
    static func valid(_ directoryName: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in directoryName.unicodeScalars { scalars.append(Name.isUnprintable(scalar) ? "-" : scalar) }
        let name = String(scalars).trimmingSpaces()
        if name.isEmpty { return "root" }
        guard name.count > Name.maximumLength else { return name }
        // The hash keeps long names different that differ only at the end.
        let digits = String(hash(name), radix: 16)
        return "\(name.prefix(Name.maximumLength - 9))-\(String(repeating: "0", count: 8 - digits.count))\(digits)"
    }

    /// Returns the 32-bit FNV-1a hash of the UTF-8 bytes; http://www.isthe.com/chongo/tech/comp/fnv/
    private static func hash(_ text: String) -> UInt32 {
        text.utf8.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
    }
}
