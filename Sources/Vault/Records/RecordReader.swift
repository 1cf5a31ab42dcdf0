/// Reads the fields of an opened record in the order of docs/format.md; refuses whatever is not exactly a record.
///
/// The bytes have been authenticated by then, so a refusal means a writer with a fault rather than an attacker. It is
/// refused all the same: nothing is guessed.
struct RecordReader {
    private var rest: UnsafeRawBufferPointer

    /// Lets `body` read `record` and expects that it read it to the end.
    static func read<R>(
        _ record: UnsafeRawBufferPointer,
        _ body: (inout RecordReader) throws(RecordError) -> R
    ) throws(RecordError) -> R {
        var reader = RecordReader(rest: record)
        let result = try body(&reader)
        guard reader.rest.isEmpty else { throw RecordError() }
        return result
    }

    mutating func integer<I: FixedWidthInteger>(_: I.Type) throws(RecordError) -> I {
        try bytes(I.bitWidth / 8).reduce(0) { $0 << 8 | I(truncatingIfNeeded: $1) }
    }

    mutating func id() throws(RecordError) -> Identifier {
        Identifier(bytes: try bytes(Identifier.byteCount))!
    }

    mutating func text<Length: FixedWidthInteger & UnsignedInteger>(length: Length.Type) throws(RecordError) -> String {
        let bytes = try bytes(Int(integer(Length.self)))
        let text = String(decoding: bytes, as: UTF8.self)
        // What is no UTF-8 was repaired, and reads otherwise. The library's own check makes types each time it runs.
        guard text.utf8.elementsEqual(bytes) else { throw RecordError() }
        return text
    }

    /// Expects the record version, the first byte of every record.
    mutating func version(_ expected: UInt8) throws(RecordError) {
        guard try integer(UInt8.self) == expected else { throw RecordError() }
    }

    /// Reads bytes whose number the format fixes.
    mutating func bytes(_ count: Int) throws(RecordError) -> UnsafeRawBufferPointer {
        guard count <= rest.count else { throw RecordError() }
        defer { rest = UnsafeRawBufferPointer(rebasing: rest[count...]) }
        return UnsafeRawBufferPointer(rebasing: rest[..<count])
    }
}

/// An opened record does not read as the format says.
struct RecordError: Error {}
