public import Sodium

/// A secret's value, known to be valid: UTF-8 of 1 to 10,000 code points, none of them NUL.
///
/// A class, so that request types can hold it; the bytes themselves are never copied by that, and wiped with the last
/// reference.
public final class SecretValue: Sendable {
    /// The greatest length in Unicode code points (JSON Schema's `maxLength` counts these).
    public static let maximumLength = 10_000
    /// The greatest size in bytes that a valid value can have.
    public static let maximumByteCount = maximumLength * 4

    /// The value's UTF-8.
    public let bytes: SecureBytes
    /// What is shown in its place.
    public let mask: String

    /// Takes over `bytes` if they are valid.
    ///
    /// Throws ``FieldFault`` at `location`, with a message that does not repeat the value.
    public init(_ bytes: consuming SecureBytes, location: String = "value") throws(FieldFault) {
        let checked: Result<String, FieldFault> = bytes.withUnsafeBytes { buffer in
            let bytes = buffer.assumingMemoryBound(to: UInt8.self).span
            guard let text = try? UTF8Span(validating: bytes) else {
                return .failure(FieldFault(location, "must be UTF-8 text"))
            }
            guard text.count > 0 else { return .failure(FieldFault(location, "must not be empty")) }
            guard !buffer.contains(0) else { return .failure(FieldFault(location, "must not contain NUL")) }
            guard Self.codePointCount(buffer) <= Self.maximumLength else {
                return .failure(FieldFault(location, "must be at most \(Self.maximumLength) characters long"))
            }
            return .success(Mask.of(text, codePointCount: Self.codePointCount(buffer)))
        }
        self.mask = try checked.get()
        self.bytes = bytes
    }

    /// The number of code points in valid UTF-8: of bytes that do not continue one.
    private static func codePointCount(_ bytes: UnsafeRawBufferPointer) -> Int {
        bytes.reduce(0) { $0 + ($1 & 0xc0 == 0x80 ? 0 : 1) }
    }
}
