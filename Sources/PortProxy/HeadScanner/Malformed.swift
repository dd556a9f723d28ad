/// Why a message is refused: with RFC 9112's words, and as strictly as llhttp.
package enum Malformed: Error, Hashable, Sendable {
    /// The first line is none of HTTP/1.0 or HTTP/1.1, or names a method that is not known.
    case startLine
    /// A field line has no name or no colon, a space before the colon, or a character that none may have.
    case fieldLine
    /// The line continues the one before: line folding.
    case folded
    /// A line ends with LF alone.
    case lineEnd
    /// The body's length is given twice, in two ways, or in no way that all readers understand.
    case framing
    /// There is no Host, or more than one.
    case host
    /// The target is of another form than the method has, or names another host than Host does.
    case target
    /// The size of a chunk, or what follows its data, is wrong.
    case chunk
    /// The head, or a chunk's first line, is longer than it may be.
    case tooLong
}
