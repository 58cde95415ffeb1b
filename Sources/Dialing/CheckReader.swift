internal import HTTP1
internal import HTTPSemantics
internal import Upstreams

/// Reads the answer to a check: its head decides, its content is followed to its end and dropped.
struct CheckReader {
    enum Verdict: Equatable {
        case good
        case bad(reason: String)
    }

    private enum Stage {
        /// All that came, and where in it the head under way begins.
        case head(ResponseHeadParser, [UInt8], from: Int)
        case content(BodyReader)
        case over
    }

    /// Bytes of all heads of one answer: a check needs a status, and is asked for by an operator who knows the page.
    static let headBytesMax = 16 << 10
    /// Bytes of content that are waited for. A page of health has less; of anything longer nobody wants the end.
    static let contentBytesMax = 64 << 10

    private let check: HTTPCheck
    private var stage: Stage
    private var contentBytes = 0
    /// Nil: the head has not come yet.
    private(set) var verdict: Verdict?

    init(_ check: HTTPCheck) {
        self.check = check
        var limits = ResponseHeadLimits()
        limits.bytesMax = Self.headBytesMax
        self.stage = .head(ResponseHeadParser(limits: limits), [], from: 0)
    }

    /// True when nothing more is to be read.
    mutating func take(_ bytes: Span<UInt8>) -> Bool {
        switch self.stage {
        case .head(let parser, var held, let offset):
            held.reserveCapacity(held.count + bytes.count)
            for index in bytes.indices { held.append(bytes[index]) }
            self.takeHeads(parser, held, from: offset)
        case .content(let body):
            self.follow(body, bytes)
        case .over:
            break
        }
        if case .over = self.stage { return true }
        return false
    }

    private mutating func takeHeads(_ parser: ResponseHeadParser, _ held: [UInt8], from start: Int) {
        var parser = parser
        var offset = start
        do throws(ResponseViolation) {
            while let (answer, used) = try parser.parse(held.span.extracting(offset..<held.count)) {
                offset += used
                let status = answer.head.status.code
                // Interim answers, all but a switch of protocols that nobody asked for.
                if status < 200, status != 101 { continue }
                let body = BodyReader(try BodyFraming(of: answer, to: "GET"))
                self.verdict = self.check.admits(status) ? .good : .bad(reason: "it answered \(status)")
                return self.follow(body, held.span.extracting(offset..<held.count))
            }
            guard held.count < Self.headBytesMax else { throw .headTooLarge(bytesMax: Self.headBytesMax) }
            self.stage = .head(parser, held, from: offset)
        } catch {
            self.verdict = .bad(reason: error.reason)
            self.stage = .over
        }
    }

    /// Nobody wants the content, nor what may be wrong with it: a request will tell.
    private mutating func follow(_ body: BodyReader, _ bytes: Span<UInt8>) {
        var body = body
        var offset = 0
        self.contentBytes += bytes.count
        self.stage = .over
        guard self.contentBytes <= Self.contentBytesMax else { return }
        do throws(BodyViolation) {
            while let piece = try body.next(bytes, from: &offset) {
                switch piece {
                case .data: continue
                case .end: return
                }
            }
        } catch {
            return
        }
        self.stage = .content(body)
    }
}
