import HTTPTypes
import Hummingbird
package import NIOCore

#if canImport(FoundationEssentials)
    package import FoundationEssentials
#else
    package import Foundation
#endif

/// JSON on the wire: bounded, and refused with one message.
package enum JSON {
    /// Bytes of a request's body, as PROMISES fixes them.
    static let maximumBodySize = 65536
    /// Levels of nesting.
    static let maximumDepth = 32

    /// Reads a request's body as an object. Throws 415, 413 or 400 `invalid JSON`.
    static func decode<Body: Decodable>(_: Body.Type, from request: Request) async throws -> Body {
        // A form on a web page cannot send this type without asking first.
        guard let type = request.headers[.contentType].flatMap(MediaType.init(from:)), type.isType(.applicationJson)
        else {
            throw APIError(
                .unsupportedMediaType,
                "the body must be application/json",
                code: "unsupported_media_type",
                hint: "send the header Content-Type: application/json"
            )
        }
        return try decode(Body.self, from: try await bytes(of: request))
    }

    /// Reads an object. Throws `invalid JSON`, a 400.
    package static func decode<Body: Decodable>(_: Body.Type, from buffer: ByteBuffer) throws -> Body {
        guard isShallowObject(buffer.readableBytesView) else { throw invalid("it is no object, or nests too deep") }
        do {
            return try JSONDecoder().decode(Body.self, from: Data(buffer.readableBytesView))
        } catch let error as DecodingError {
            throw invalid(error.explanation)
        }
    }

    /// Like ``decode(_:from:)``, or `nil` when no body was sent.
    static func decodeIfPresent<Body: Decodable>(_: Body.Type, from request: Request) async throws -> Body? {
        let hasBody = request.headers[.contentLength].map { $0 != "0" } ?? (request.headers[.transferEncoding] != nil)
        return hasBody ? try await decode(Body.self, from: request) : nil
    }

    /// The body, refused as soon as it is known to be too large.
    private static func bytes(of request: Request) async throws -> ByteBuffer {
        let tooLarge = APIError(
            .contentTooLarge,
            "the body is larger than \(maximumBodySize) bytes",
            code: "body_too_large",
            headers: [.connection: "close"]
        )
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > maximumBodySize {
            throw tooLarge
        }
        do {
            return try await request.body.collect(upTo: maximumBodySize)
        } catch is NIOTooManyBytesError {
            throw tooLarge
        } catch {
            // The client went away, or was cut off, before it had sent everything: its affair, no defect of ours.
            throw APIError(.badRequest, "the body ended too early", code: "incomplete_body")
        }
    }

    /// The text of an answer.
    package static func encode(_ body: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(body)
    }

    static func response(_ body: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        let data = try encode(body)
        var headers: HTTPFields = [.contentType: "application/json"]
        headers[.contentLength] = String(data.count)
        headers[.cacheControl] = "no-store"
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: data)))
    }

    private static func invalid(_ why: String) -> APIError {
        APIError(.badRequest, "invalid JSON", code: "invalid_json", hint: why)
    }

    /// Whether the text opens with `{` and never nests deeper than the limit; the decoder checks the rest.
    private static func isShallowObject(_ bytes: ByteBufferView) -> Bool {
        var depth = 0
        var isInString = false
        var isEscaped = false
        var isFirst = true
        for byte in bytes {
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): continue
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                if depth > maximumDepth { return false }
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
            if isFirst && byte != UInt8(ascii: "{") { return false }
            isFirst = false
        }
        return !isFirst
    }
}

extension DecodingError {
    /// What is wrong where, in one line, without the text that was sent.
    fileprivate var explanation: String {
        switch self {
        case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
            "\(context.path): expected \(type)"
        case .keyNotFound(let key, _): "\(key.stringValue) is missing"
        case .dataCorrupted(let context): "\(context.path): not readable"
        @unknown default: "not readable"
        }
    }
}

extension DecodingError.Context {
    fileprivate var path: String {
        codingPath.isEmpty ? "body" : codingPath.map(\.stringValue).joined(separator: ".")
    }
}
