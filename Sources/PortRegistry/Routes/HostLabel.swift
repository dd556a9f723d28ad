/// One label of a host name, made from a part of an identity. No two parts make one label.
struct HostLabel: Hashable, Sendable, CustomStringConvertible {
    /// Lower-case letters and digits, with single hyphens between them.
    let description: String

    /// The longest label of one part. Three of them with hyphens are longer than ``maximum``.
    static let maximumPart = 40
    /// The longest label that DNS allows: RFC 1035, section 2.3.4.
    static let maximum = 63
    /// What stands for something else: machine-wide names, the dashboard, the domain; and the sign of encoded labels
    /// (RFC 5890), which a flat name would begin with.
    private static let reserved: Set = ["global", "portctl", "localhost", "xn"]

    /// Makes the label of a part: the part itself where it is a label as it stands, and otherwise what is left of it
    /// with a hash.
    init(_ part: String) {
        let isName = Self.isLabel(part) && part.utf8.count <= Self.maximumPart
        let staysAsItIs = isName && !Self.reserved.contains(part) && !Self.hasHash(part)
        description = staysAsItIs ? part : Self.cut(part, to: Self.maximumPart, hashOf: part)
    }

    /// Makes a label of at most `limit` bytes: the beginning of `text`, and the hash of `whole`.
    init(_ text: String, cutTo limit: Int, hashOf whole: String) {
        description = Self.cut(text, to: limit, hashOf: whole)
    }

    private static func cut(_ text: String, to limit: Int, hashOf whole: String) -> String {
        let hash = hash(of: whole)
        let rest = slug(of: text, limit: limit - hash.utf8.count - 1)
        return rest.isEmpty ? hash : "\(rest)-\(hash)"
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
    }

    /// Whether the text consists of lower-case letters and digits with single hyphens between them.
    private static func isLabel(_ text: String) -> Bool {
        text.utf8.split(separator: 0x2D, omittingEmptySubsequences: false)
            .allSatisfy { !$0.isEmpty && $0.allSatisfy(isLetterOrDigit) }
    }

    /// Returns the letters and digits of the text in lower case, with single hyphens in place of everything else.
    private static func slug(of text: String, limit: Int) -> String {
        let words = text.lowercased().utf8.split { !isLetterOrDigit($0) }
        var whole = Array(words.joined(separator: [0x2D]).prefix(limit))
        if whole.last == 0x2D { whole.removeLast() }
        return String(decoding: whole, as: UTF8.self)
    }

    // MARK: Hashes

    /// `z`, a digit, and twelve characters: a word that somebody writes hardly looks like it.
    private static let hashLength = 14
    private static let alphabet = Array("0123456789abcdefghijklmnopqrstuv".utf8)

    /// Returns 63 bits of the SHA-256 of the text: no two parts of a machine are expected to share them before there
    /// are thousands of millions.
    private static func hash(of text: String) -> String {
        let bits = SHA256.hash(Array(text.utf8)).prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let characters = (0..<12).map { alphabet[Int(bits >> (5 * UInt64($0)) & 31)] }
        return String(decoding: [0x7A, alphabet[Int(bits >> 60 & 7)]] + characters, as: UTF8.self)
    }

    /// Whether the text ends as labels with a hash do.
    private static func hasHash(_ text: String) -> Bool {
        guard let last = text.utf8.split(separator: 0x2D).last, last.count == hashLength, last.first == 0x7A else {
            return false
        }
        let characters = Array(last)
        return (0x30...0x37).contains(characters[1]) && characters[2...].allSatisfy(alphabet.contains)
    }
}
