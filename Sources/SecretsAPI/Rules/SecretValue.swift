public import Sodium

/// A secret's value, known to be valid: UTF-8 of 1 to 10,000 code points, none of them NUL.
public struct SecretValue: Sendable {
    /// The greatest length in Unicode code points (JSON Schema's `maxLength` counts these).
    public static let maximumLength = 10_000
    /// The greatest size in bytes that a valid value can have.
    public static let maximumByteCount = maximumLength * 4

    /// The value's UTF-8.
    public let bytes: SharedSecureBytes
    /// What is shown in its place.
    public let mask: String

    /// Takes over `bytes` if they are valid.
    ///
    /// Throws ``FieldFault`` at `location`, with a message that does not repeat the value.
    public init(_ bytes: consuming SecureBytes, location: String = "value") throws(FieldFault) {
        let mask: Result<String, FieldFault> = bytes.withUnsafeBytes { buffer in
            Result { () throws(FieldFault) in try Self.mask(buffer, location: location) }
        }
        self.mask = try mask.get()
        self.bytes = SharedSecureBytes(bytes)
    }

    /// A copy of `text`, which a decoder made, if it is valid. Throws ``FieldFault`` at `location`.
    public init(copying text: String, location: String) throws(FieldFault) {
        var mask = ""
        // Checked while it is written, because making protected memory readable again costs system calls.
        let bytes = try SecureBytes(count: text.utf8.count) { buffer throws(FieldFault) in
            buffer.copyBytes(from: text.utf8)
            mask = try Self.mask(UnsafeRawBufferPointer(buffer), location: location)
        }
        self.bytes = SharedSecureBytes(bytes)
        self.mask = mask
    }

    /// The mask of the value in `buffer`. Throws ``FieldFault`` at `location` where it breaks a rule.
    static func mask(_ buffer: UnsafeRawBufferPointer, location: String) throws(FieldFault) -> String {
        guard let text = try? UTF8Span(validating: buffer.assumingMemoryBound(to: UInt8.self).span) else {
            throw FieldFault(location, "must be UTF-8 text")
        }
        guard text.count > 0 else { throw FieldFault(location, "must not be empty") }
        guard !buffer.contains(0) else { throw FieldFault(location, "must not contain NUL") }
        let count = buffer.codePointCount
        guard count <= maximumLength else {
            throw FieldFault(location, "must be at most \(maximumLength) characters long")
        }
        return Mask.of(text, codePointCount: count)
    }
}
