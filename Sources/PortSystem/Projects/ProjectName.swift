import PortModel

/// Makes a directory's name valid as a name of an identity.
enum ProjectName {
    static func valid(_ directoryName: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in directoryName.unicodeScalars { scalars.append(Name.isUnprintable(scalar) ? "-" : scalar) }
        let name = String(scalars).trimmingSpaces()
        if name.isEmpty { return "root" }
        guard name.count > Name.maximumLength else { return name }
        // Long names that differ only at the end stay different.
        let digits = String(hash(name), radix: 16)
        return "\(name.prefix(Name.maximumLength - 9))-\(String(repeating: "0", count: 8 - digits.count))\(digits)"
    }

    /// FNV-1a, 32 bits, http://www.isthe.com/chongo/tech/comp/fnv/
    private static func hash(_ text: String) -> UInt32 {
        text.utf8.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
    }
}
