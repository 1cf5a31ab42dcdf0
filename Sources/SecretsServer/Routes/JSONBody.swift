internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import SecretsAPI

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
            return try await body.collect(upTo: Self.maximumBodyByteCount)
        } catch is NIOTooManyBytesError {
            throw Problem.tooLarge
        }
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
    /// The shape in this JSON. Throws ``Problem``: 400, 422.
    func shape<Shape: Decodable>(_: Shape.Type) throws -> Shape {
        try withUnsafeReadableBytes { bytes in
            // Not copied: the body may hold a value.
            guard let base = bytes.baseAddress else { throw Problem.notJSON }
            let data = Data(
                bytesNoCopy: UnsafeMutableRawPointer(mutating: base), count: bytes.count, deallocator: .none)
            return try JSON.decode(Shape.self, from: data)
        }
    }
}
