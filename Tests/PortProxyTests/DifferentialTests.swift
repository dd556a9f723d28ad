import Foundation
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import PortProxy

/// The scanner beside llhttp: what that refuses, or reads in another way, is refused.
@Suite struct DifferentialTests {
    /// A request as a parser reads it.
    private struct Reading: Hashable {
        var method: String
        var target: String
        var body: Int
    }

    /// What the scanner reads until it refuses something, or a connection would end.
    private func scanned(_ bytes: [UInt8]) -> [Reading] {
        var readings: [Reading] = []
        var position = 0
        while position < bytes.count {
            guard let head = bytes.withUnsafeBytes({ try? RequestHead($0, from: position) }) else { break }
            position = head.end
            var body = 0
            switch head.framing {
            case .none: break
            case .length(let length):
                guard bytes.count - position >= Int(length) else { return readings }
                body = Int(length)
                position += body
            case .chunked:
                var scanner = ChunkScanner()
                guard let count = bytes[position...].withUnsafeBytes({ try? scanner.scan($0) }), scanner.hasEnded else {
                    return readings
                }
                position += count
                body = -1
            case .untilEnd: return readings
            }
            readings.append(Reading(method: text(bytes, head.method), target: text(bytes, head.target), body: body))
            if head.wantsUpgrade || !head.keepsAlive { break }
        }
        return readings
    }

    private func text(_ bytes: [UInt8], _ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// What llhttp reads, as NIO's decoder of HTTP/1 uses it.
    private func decoded(_ bytes: [UInt8]) -> [Reading] {
        let channel = EmbeddedChannel()
        defer { _ = try? channel.finish(acceptAlreadyClosed: true) }
        let decoder = ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes))
        guard (try? channel.pipeline.syncOperations.addHandler(decoder)) != nil else { return [] }
        _ = try? channel.writeInbound(ByteBuffer(bytes: bytes))
        var readings: [Reading] = []
        var current: Reading?
        while let part = try? channel.readInbound(as: HTTPServerRequestPart.self) {
            switch part {
            case .head(let head):
                let isChunked = head.headers.contains(name: "Transfer-Encoding")
                current = Reading(method: head.method.rawValue, target: head.uri, body: isChunked ? -1 : 0)
            case .body(let buffer):
                if let body = current?.body, body >= 0 { current?.body = body + buffer.readableBytes }
            case .end:
                if let current { readings.append(current) }
                current = nil
            }
        }
        return readings
    }

    private func check(_ bytes: [UInt8]) {
        let ours = scanned(bytes)
        guard !ours.isEmpty else { return }
        let theirs = decoded(bytes)
        for (index, reading) in ours.enumerated() {
            guard index < theirs.count else {
                let message = String(decoding: bytes, as: UTF8.self).debugDescription
                Issue.record("llhttp refuses what is accepted as \(reading): \(message)")
                return
            }
            let other = theirs[index]
            // An absolute target is its path for us.
            let isSame =
                reading.method == other.method && other.target.hasSuffix(reading.target) && reading.body == other.body
            #expect(isSame, "\(reading) is \(other): \(String(decoding: bytes, as: UTF8.self).debugDescription)")
        }
    }

    @Test func everyMessageOfTheCorpusIsReadAsLlhttpReadsIt() {
        for message in MessageCorpus.requests { check(Array(message.utf8)) }
    }

    /// 20,000 of them, or as many as PORTCTL_MUTATIONS says.
    @Test func mutatedMessagesAreReadAsLlhttpReadsThem() {
        let variable = ProcessInfo.processInfo.environment["PORTCTL_MUTATIONS"]
        var random = Generator(state: UInt64.random(in: 1...UInt64.max))
        let seed = random.state
        let corpus = MessageCorpus.requests.map { Array($0.utf8) }
        let pieces = MessageCorpus.pieces.map { Array($0.utf8) }
        var accepted = 0
        for _ in 0..<(variable.flatMap { Int($0) } ?? 20_000) {
            var bytes = corpus.randomElement(using: &random)!
            for _ in 0...Int.random(in: 0...2, using: &random) {
                let place = Int.random(in: 0...bytes.count, using: &random)
                let end = min(bytes.count, place + Int.random(in: 1...12, using: &random))
                switch Int.random(in: 0..<5, using: &random) {
                case 0: bytes.insert(contentsOf: pieces.randomElement(using: &random)!, at: place)
                case 1: bytes.removeSubrange(place..<end)
                case 2: if place < bytes.count { bytes[place] = UInt8.random(in: 0...255, using: &random) }
                case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
                default:
                    let other = corpus.randomElement(using: &random)!
                    bytes.replaceSubrange(place..., with: other[Int.random(in: 0..<other.count, using: &random)...])
                }
            }
            if !scanned(bytes).isEmpty { accepted += 1 }
            check(bytes)
        }
        // Otherwise nothing was compared.
        #expect(accepted > 1000, "seed \(seed)")
    }

    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        /// SplitMix64.
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var word = state
            word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
            word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
            return word ^ word >> 31
        }
    }
}
