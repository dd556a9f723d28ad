/// The head of a request: where its parts are in the buffer that it was scanned in.
package struct RequestHead: Hashable, Sendable {
    package var method: Range<Int>
    /// In origin-form (`/path?query`), or `*`. An absolute-form is its path; its host is that of Host.
    package var target: Range<Int>
    package var isHTTP10: Bool
    /// The host and the port that Host names, as they were sent.
    package var host: Range<Int>
    package var fields: [FieldLine]
    package var framing: BodyFraming
    /// The first byte behind the head.
    package var end: Int
    /// Whether the client will send further requests on the connection.
    package var keepsAlive: Bool
    /// Whether the client asks for another protocol on the connection.
    package var wantsUpgrade: Bool
    /// Whether the client waits for `100 Continue`.
    package var expectsContinue: Bool

    /// The methods that are passed on: those of llhttp without CONNECT, TRACE and PRI, and those of RTSP.
    private static let methods: [StaticString] = [
        "get", "post", "head", "put", "delete", "options", "patch", "copy", "lock", "mkcol", "move", "propfind",
        "proppatch", "search", "unlock", "bind", "rebind", "unbind", "acl", "report", "mkactivity", "checkout",
        "merge", "m-search", "notify", "subscribe", "unsubscribe", "purge", "mkcalendar", "link", "unlink", "source",
    ]
    /// The longest head, in bytes.
    package static let maximum = 65536

    /// Scans the head that begins at `start`; `nil` when it has not arrived. One empty line before it is skipped: RFC
    /// 9112, section 2.2. Throws ``Malformed``.
    package init?(_ bytes: UnsafeRawBufferPointer, from start: Int = 0) throws(Malformed) {
        do throws(Malformed) {
            guard let head = try Self(complete: bytes, from: start) else {
                if bytes.count - start > Self.maximum { throw .tooLong }
                return nil
            }
            self = head
        } catch {
            throw error
        }
        if end - start > Self.maximum { throw .tooLong }
    }

    private init?(complete bytes: UnsafeRawBufferPointer, from start: Int) throws(Malformed) {
        var position = start
        if position < bytes.count, bytes[position] == ByteClass.carriageReturn {
            guard position + 1 < bytes.count else { return nil }
            guard bytes[position + 1] == ByteClass.lineFeed else { throw .lineEnd }
            position += 2
        }
        // The first line.
        let first = position
        while position < bytes.count, ByteClass.token.contains(bytes[position]) { position += 1 }
        guard position < bytes.count else { return nil }
        method = first..<position
        guard bytes[position] == ByteClass.space, Self.isKnown(bytes, method) else { throw .startLine }
        position += 1
        let target = position
        while position < bytes.count, ByteClass.visible.contains(bytes[position]) { position += 1 }
        guard position < bytes.count else { return nil }
        let wholeTarget = target..<position
        guard bytes[position] == ByteClass.space, !wholeTarget.isEmpty else { throw .startLine }
        guard position + 11 <= bytes.count else { return nil }
        let version = position + 1..<position + 9
        let isHTTP11 = bytes.isExactly("HTTP/1.1", in: version)
        guard isHTTP11 || bytes.isExactly("HTTP/1.0", in: version) else { throw .startLine }
        guard bytes[position + 9] == ByteClass.carriageReturn, bytes[position + 10] == ByteClass.lineFeed else {
            throw .startLine
        }
        isHTTP10 = !isHTTP11
        guard let lines = try FieldLines(bytes, from: position + 11) else { return nil }
        (fields, end) = (lines.all, lines.end)

        let hosts = fields.filter { $0.kind == .host }
        guard hosts.count == 1, Self.isHost(bytes, hosts[0].value) else { throw .host }
        host = hosts[0].value
        guard let path = Self.path(bytes, wholeTarget, host: host, method: method) else { throw .target }
        self.target = path
        framing = try BodyFraming(fields, in: bytes, isHTTP10: isHTTP10) ?? .none
        let connection = ConnectionOptions(fields, in: bytes)
        keepsAlive = isHTTP10 ? connection.keepsAlive : !connection.closes
        wantsUpgrade = connection.upgrades && fields.contains { $0.kind == .upgrade }
        expectsContinue = fields.contains { $0.kind == .expect && bytes.equals("100-continue", in: $0.value) }
    }

    private static func isKnown(_ bytes: UnsafeRawBufferPointer, _ method: Range<Int>) -> Bool {
        // In upper case, as they are registered.
        methods.contains { bytes.equals($0, in: method) }
            && method.allSatisfy { bytes[$0] == UInt8(ascii: "-") || (0x41...0x5A).contains(bytes[$0]) }
    }

    /// Whether the text is a host with or without a port. It names no user, and is not empty.
    private static func isHost(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
        !range.isEmpty
            && range.allSatisfy { position in
                let byte = bytes[position]
                return ByteClass.visible.contains(byte) && !"/@?#\\ ".utf8.contains(byte)
            }
    }

    /// Returns where the path is in a target; `nil` for a form that the method does not have, or another host.
    private static func path(
        _ bytes: UnsafeRawBufferPointer,
        _ target: Range<Int>,
        host: Range<Int>,
        method: Range<Int>
    ) -> Range<Int>? {
        guard !target.contains(where: { bytes[$0] == UInt8(ascii: "#") }) else { return nil }
        if bytes[target.lowerBound] == UInt8(ascii: "/") { return target }
        if bytes.isExactly("*", in: target) { return bytes.isExactly("OPTIONS", in: method) ? target : nil }
        let scheme = target.lowerBound..<min(target.lowerBound + 7, target.upperBound)
        guard bytes.equals("http://", in: scheme) else { return nil }
        let authority = scheme.upperBound..<min(scheme.upperBound + host.count, target.upperBound)
        guard authority.count == host.count,
            zip(authority, host).allSatisfy({ ByteClass.lowercased(bytes[$0]) == ByteClass.lowercased(bytes[$1]) }),
            authority.upperBound < target.upperBound, bytes[authority.upperBound] == UInt8(ascii: "/")
        else { return nil }
        return authority.upperBound..<target.upperBound
    }
}

extension UnsafeRawBufferPointer {
    /// Whether the bytes in `range` are the ASCII `text`.
    func isExactly(_ text: StaticString, in range: Range<Int>) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        for offset in 0..<range.count where self[range.lowerBound + offset] != text.utf8Start[offset] { return false }
        return true
    }
}
