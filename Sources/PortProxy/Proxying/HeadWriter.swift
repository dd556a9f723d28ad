/// Writes heads for the other side: what belongs to one hop is left out, and what is said of the client is the truth.
package enum HeadWriter {
    /// What is true of a client.
    package struct Client: Hashable, Sendable {
        /// Its numeric address.
        package var address: String
        /// The port of this proxy that it has connected to.
        package var port: Int
        package var isTLS: Bool

        package init(address: String, port: Int, isTLS: Bool = false) {
            self.address = address
            self.port = port
            self.isTLS = isTLS
        }
    }

    /// Appends the head of a request as its service gets it. Host, target, cookies and all else are as they were sent.
    package static func append(
        _ head: RequestHead,
        of bytes: UnsafeRawBufferPointer,
        to output: inout [UInt8],
        for route: Route,
        from client: Client
    ) {
        output.reserveCapacity(output.count + head.end + 256)
        append(bytes, head.method, to: &output)
        output.append(ByteClass.space)
        append(bytes, head.target, to: &output)
        append(head.isHTTP10 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n", to: &output)
        let options = ConnectionOptions(head.fields, in: bytes)
        var passed: [Range<Int>] = []
        for field in head.fields {
            switch field.kind {
            case .connection, .keepAlive, .proxyConnection, .proxyAuthentication, .forwarded, .servedBy: continue
            case .upgrade where !head.wantsUpgrade: continue
            case .te where !bytes.equals("trailers", in: field.value): continue
            case .passed: passed.append(field.value)
            case .other where options.names(field, in: bytes): continue
            default: append(bytes, field.whole, to: &output)
            }
        }
        if head.wantsUpgrade { append("Connection: upgrade\r\n", to: &output) }
        append("X-Forwarded-For: \(client.address)\r\n", to: &output)
        append("X-Forwarded-Proto: \(client.isTLS ? "https" : "http")\r\nX-Forwarded-Host: ", to: &output)
        append(bytes, head.host, to: &output)
        append("\r\nX-Forwarded-Port: \(client.port)\r\nPortctl-Passed: ", to: &output)
        for range in passed {
            append(bytes, range, to: &output)
            append(", ", to: &output)
        }
        append("\(route.hostNames[0])\r\n\r\n", to: &output)
    }

    /// Appends the head of an answer as its client gets it. `isChunked`: its body, which has no length, is sent in
    /// chunks. `closes`: no further request is read from the client.
    package static func append(
        _ head: ResponseHead,
        of bytes: UnsafeRawBufferPointer,
        to output: inout [UInt8],
        from route: Route,
        isChunked: Bool,
        closes: Bool
    ) {
        output.reserveCapacity(output.count + head.end + 128)
        // This side's version: what an old server answers is passed on as of this proxy.
        append("HTTP/1.1", to: &output)
        append(bytes, head.startLine.lowerBound + 8..<head.startLine.upperBound, to: &output)
        let options = ConnectionOptions(head.fields, in: bytes)
        for field in head.fields {
            switch field.kind {
            case .connection, .keepAlive, .proxyConnection, .proxyAuthentication, .strictTransportSecurity, .servedBy:
                continue
            case .upgrade where head.status != 101: continue
            case .other where options.names(field, in: bytes): continue
            default: append(bytes, field.whole, to: &output)
            }
        }
        if head.status == 101 {
            append("Connection: upgrade\r\n", to: &output)
        } else if !head.isInterim, closes {
            append("Connection: close\r\n", to: &output)
        }
        if isChunked { append("Transfer-Encoding: chunked\r\n", to: &output) }
        if !head.isInterim { append("Portctl-Served-By: \(encoded(route.identity))\r\n", to: &output) }
        append("\r\n", to: &output)
    }

    /// The text with what no field's value may have, and what is not ASCII, as `%XX`.
    static func encoded(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            if ByteClass.visible.contains(byte), byte != UInt8(ascii: "%") {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                result += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return result
    }

    private static func append(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, to output: inout [UInt8]) {
        output.append(contentsOf: bytes[range])
    }

    private static func append(_ text: String, to output: inout [UInt8]) { output.append(contentsOf: text.utf8) }
}

extension ConnectionOptions {
    /// Whether `Connection` says that the field ends at this hop.
    func names(_ field: FieldLine, in bytes: UnsafeRawBufferPointer) -> Bool {
        fields.contains { option in
            option.count == field.name.count
                && zip(option, field.name).allSatisfy { one, other in
                    ByteClass.lowercased(bytes[one]) == ByteClass.lowercased(bytes[other])
                }
        }
    }
}
