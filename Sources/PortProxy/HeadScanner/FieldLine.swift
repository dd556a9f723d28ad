/// A field line of a head or a trailer: where its parts are in the buffer.
package struct FieldLine: Hashable, Sendable {
    package var kind: Kind
    /// Without the colon.
    package var name: Range<Int>
    /// Without the spaces around it.
    package var value: Range<Int>
    /// With the line's end.
    package var whole: Range<Int>

    /// The fields that mean something to a proxy.
    package enum Kind: Hashable, Sendable {
        // Those that end at each hop: RFC 9110, section 7.6.1.
        case connection, keepAlive, proxyConnection, te, transferEncoding, upgrade
        /// Names, or proves, a client of a proxy. This one asks for none.
        case proxyAuthentication
        case contentLength, trailer, expect, host
        case origin, referer, secFetchSite, secFetchMode, secFetchDest, accept
        /// `Forwarded`, and every `X-Forwarded-…`.
        case forwarded
        case strictTransportSecurity
        /// Who served the answer: `Portctl-Served-By`.
        case servedBy
        /// Through which services of this proxy a request has come: `Portctl-Passed`.
        case passed
        case other
    }
}

extension FieldLine.Kind {
    /// Recognizes a field by its name.
    init(_ bytes: UnsafeRawBufferPointer, _ name: Range<Int>) {
        func isNamed(_ text: StaticString) -> Bool { bytes.equals(text, in: name) }
        self =
            switch name.count {
            case 2 where isNamed("te"): .te
            case 4 where isNamed("host"): .host
            case 6 where isNamed("origin"): .origin
            case 6 where isNamed("accept"): .accept
            case 6 where isNamed("expect"): .expect
            case 7 where isNamed("upgrade"): .upgrade
            case 7 where isNamed("referer"): .referer
            case 7 where isNamed("trailer"): .trailer
            case 9 where isNamed("forwarded"): .forwarded
            case 10 where isNamed("connection"): .connection
            case 10 where isNamed("keep-alive"): .keepAlive
            case 14 where isNamed("content-length"): .contentLength
            case 14 where isNamed("portctl-passed"): .passed
            case 14 where isNamed("sec-fetch-site"): .secFetchSite
            case 14 where isNamed("sec-fetch-mode"): .secFetchMode
            case 14 where isNamed("sec-fetch-dest"): .secFetchDest
            case 16 where isNamed("proxy-connection"): .proxyConnection
            case 17 where isNamed("transfer-encoding"): .transferEncoding
            case 17 where isNamed("portctl-served-by"): .servedBy
            case 18 where isNamed("proxy-authenticate"): .proxyAuthentication
            case 19 where isNamed("proxy-authorization"): .proxyAuthentication
            case 25 where isNamed("strict-transport-security"): .strictTransportSecurity
            case 12... where bytes.equals("x-forwarded-", in: name.lowerBound..<name.lowerBound + 12): .forwarded
            default: .other
            }
    }
}
