internal import FoundationEssentials
internal import Glibc
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import SecretsAPI
internal import Sodium

extension Request {
    /// The largest body that is read, in bytes.
    private static let maximumBodyByteCount = 1 << 20

    /// The body, said to be JSON and not too large. Throws ``Problem``: 415, 413.
    func jsonBody() async throws -> ByteBuffer {
        guard isJSON else { throw Problem.unsupportedMediaType }
        if let length = headers[.contentLength].flatMap({ Int($0) }), length > Self.maximumBodyByteCount {
            throw Problem.tooLarge
        }
        do {
            return try await collectedBody()
        } catch is LateRequest {
            throw Problem.timeout
        }
    }

    /// The body in one piece: the one it came in, or where there were several, a copy that leaves none of them behind.
    private func collectedBody() async throws -> ByteBuffer {
        var whole = ByteBuffer()
        var isCopy = false
        for try await piece in body {
            guard whole.readableBytes + piece.readableBytes <= Self.maximumBodyByteCount else {
                whole.wipe()
                piece.wipe()
                throw Problem.tooLarge
            }
            guard whole.readableBytes > 0 else {
                whole = piece
                continue
            }
            if !isCopy {
                let first = whole
                whole = ByteBuffer()
                whole.reserveCapacity(2 * first.readableBytes + piece.readableBytes)
                whole.writeImmutableBuffer(first)
                first.wipe()
                isCopy = true
            }
            whole.writeImmutableBuffer(piece)
            piece.wipe()
        }
        return whole
    }

    private var isJSON: Bool {
        guard let type = headers[.contentType]?.utf8.split(separator: UInt8(ascii: ";"), maxSplits: 1).first else {
            return false
        }
        let word = type.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
        return String(decoding: word, as: UTF8.self).lowercased() == "application/json"
    }
}

extension ByteBuffer {
    /// The shape in this JSON, which is wiped. Throws ``Problem``: 400, 422.
    func shape<Shape: Decodable>(_: Shape.Type) throws -> Shape {
        defer { wipe() }
        return try withUnsafeReadableBytes { bytes in
            // Not copied: the body may hold a value.
            guard let base = bytes.baseAddress else { throw Problem.notJSON }
            let data = Data(
                bytesNoCopy: UnsafeMutableRawPointer(mutating: base), count: bytes.count, deallocator: .none)
            return try Stack.wiping { try JSON.decode(Shape.self, from: data) }
        }
    }

    /// Overwrites what is to be read, in place, with zeros.
    ///
    /// NIO keeps what it has read into for as long as the connection is open. It does not write there while we hold it,
    /// and nobody else has a part of these bytes: they are a request's body.
    fileprivate func wipe() {
        withUnsafeReadableBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            explicit_bzero(UnsafeMutableRawPointer(mutating: base), bytes.count)
        }
    }
}
