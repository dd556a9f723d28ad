import HTTPTypes
import Hummingbird
package import NIOCore
import PortModel

#if canImport(FoundationEssentials)
    package import FoundationEssentials
#else
    package import Foundation
#endif

/// Reads and writes JSON bodies, within limits of size and depth.
package enum JSON {
    /// The size of a request's body in bytes (docs/promises.md, 19).
    static let maximumBodySize = 65536
    /// The maximum depth of nested objects and arrays.
    static let maximumDepth = 32

    /// Decodes the body of a request. Throws 415 for another content type, 413 for a body that is too large, and 400
    /// for one that is incomplete or invalid.
    static func decode<Body: Decodable>(_: Body.Type, from request: Request) async throws -> Body {
        // A web page of another origin cannot send this type without a CORS preflight.
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

    /// Decodes a JSON object; keys that `Body` does not have are ignored. Throws a 400 with the code `invalid_json`.
    package static func decode<Body: Decodable>(_: Body.Type, from buffer: ByteBuffer) throws -> Body {
        var bytes = Array(buffer.readableBytesView)
        // RFC 8259, 8.1: a byte order mark may be ignored. PowerShell and .NET write it.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        if let fault = JSONSyntax.fault(in: bytes, maximumDepth: maximumDepth) { throw invalid(fault) }
        do {
            return try JSONDecoder().decode(Body.self, from: Data(bytes))
        } catch let error as DecodingError {
            // The decoder does not say which number is not whole.
            let fraction = error.isWithoutPath ? (try? JSONDecoder().decode(JSONValue.self, from: Data(bytes))) : nil
            throw invalid(fraction?.pathOfFraction.map { "\($0): expected a whole number" } ?? error.explanation)
        }
    }

    /// Decodes the body of a request like ``decode(_:from:)``; returns `nil` when there is none.
    static func decodeIfPresent<Body: Decodable>(_: Body.Type, from request: Request) async throws -> Body? {
        let hasBody = request.headers[.contentLength].map { $0 != "0" } ?? (request.headers[.transferEncoding] != nil)
        return hasBody ? try await decode(Body.self, from: request) : nil
    }

    /// Collects the body. Throws as soon as it is known to be too large.
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
            // The client closed the connection, or missed the deadline, before it had sent the whole body. This is not
            // a defect of the daemon, and must not be logged as one.
            throw APIError(.badRequest, "the body ended too early", code: "incomplete_body")
        }
    }

    /// Encodes a response body, with sorted keys.
    package static func encode(_ body: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(body)
    }

    /// Returns a response with a JSON body that no cache keeps.
    static func response(_ body: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        let data = try encode(body)
        var headers: HTTPFields = [.contentType: "application/json"]
        headers[.contentLength] = String(data.count)
        headers[.cacheControl] = "no-store"
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: data)))
    }

    private static func invalid(_ reason: String) -> APIError {
        APIError(.badRequest, "invalid JSON", code: "invalid_json", hint: reason)
    }
}

extension DecodingError {
    /// The field and what it must be, in one line, without the text of the body.
    fileprivate var explanation: String {
        switch self {
        case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
            "\(context.path): expected \(Self.words(for: type))"
        case .keyNotFound(let key, let context): "\((context.codingPath + [key]).path) is missing"
        // JSONSyntax accepted the text, so it is a number that no integer represents.
        case .dataCorrupted(let context): "\(context.path): expected a whole number"
        @unknown default: "a field has the wrong type"
        }
    }

    private static func words(for type: Any.Type) -> String {
        switch type {
        case is String.Type: "text"
        case is Bool.Type: "true or false"
        case is any BinaryInteger.Type: "a whole number"
        case is any FloatingPoint.Type: "a number"
        // The decoder does not say of what.
        case is [Any].Type: "a list"
        default: "an object"
        }
    }
}

extension DecodingError {
    fileprivate var isWithoutPath: Bool {
        if case .dataCorrupted(let context) = self { context.codingPath.isEmpty } else { false }
    }
}

extension JSONValue {
    /// The key of the first number in an object that is no integer; metadata may have such numbers.
    fileprivate var pathOfFraction: String? {
        guard case .object(let members) = self else { return nil }
        for (key, value) in members.sorted(by: { $0.key < $1.key }) where key != "metadata" {
            if case .number = value { return key }
            if let path = value.pathOfFraction { return "\(key).\(path)" }
        }
        return nil
    }
}

extension DecodingError.Context {
    fileprivate var path: String { codingPath.isEmpty ? "the body" : codingPath.path }
}

extension [any CodingKey] {
    /// The keys as people write them: `roles[0]`, `project.root`.
    fileprivate var path: String {
        reduce(into: "") { path, key in
            if let index = key.intValue {
                path += "[\(index)]"
            } else {
                path += path.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
    }
}
