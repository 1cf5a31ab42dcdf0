internal import CSodium

/// A plaintext sealed with XChaCha20-Poly1305: nonce (24 bytes), ciphertext, tag (16 bytes), in this order.
///
/// The nonce is random and never reused knowingly: 192 bits make a collision out of reach for as many seals as there
/// will ever be. Whoever opens the box must present the same associated data, which is how a record is bound to its
/// place (docs/format.md, "Sealing"). How records are padded and read is in `SealedBox+Records.swift`.
public struct SealedBox: Sendable, Equatable {
    /// The size of the nonce in bytes.
    public static let nonceByteCount = 24
    /// The size of the authentication tag in bytes.
    public static let tagByteCount = 16
    /// How many bytes a box is longer than what it seals.
    public static let overhead = nonceByteCount + tagByteCount

    /// Nonce, ciphertext and tag, as stored.
    public let combined: [UInt8]

    /// A box read from storage; nil when it is too short to be one.
    public init?(combined: [UInt8]) {
        guard combined.count >= Self.overhead else { return nil }
        self.combined = combined
    }

    /// Seals the `count` bytes that `body` writes under `key`, bound to `associatedData`, with a fresh nonce.
    ///
    /// The plaintext is written where the ciphertext then overwrites it, so sealing leaves no copy of it behind.
    init(
        count: Int, using key: borrowing SecretKey, authenticating associatedData: [UInt8], random: RandomSource,
        writingWith body: (UnsafeMutableRawBufferPointer) -> Void
    ) {
        Library.start()
        let size = count + Self.overhead
        combined = key.withUnsafeBytes { key in
            [UInt8](unsafeUninitializedCapacity: size) { box, initialized in
                let message = box.baseAddress! + Self.nonceByteCount
                random.overwrite(UnsafeMutableRawBufferPointer(start: box.baseAddress!, count: Self.nonceByteCount))
                body(UnsafeMutableRawBufferPointer(start: message, count: count))
                crypto_aead_xchacha20poly1305_ietf_encrypt(
                    message, nil, message, UInt64(count), associatedData, UInt64(associatedData.count), nil,
                    box.baseAddress!, key.baseAddress!.assumingMemoryBound(to: UInt8.self))
                initialized = size
            }
        }
    }

    /// Seals `plaintext` under `key`, bound to `associatedData`, with a fresh nonce from `random`.
    public static func seal(
        _ plaintext: borrowing SecureBytes,
        using key: borrowing SecretKey,
        authenticating associatedData: [UInt8],
        random: RandomSource
    ) -> SealedBox {
        plaintext.withUnsafeBytes { bytes in
            SealedBox(count: bytes.count, using: key, authenticating: associatedData, random: random) {
                $0.copyMemory(from: bytes)
            }
        }
    }

    /// The plaintext, if `key` and `associatedData` are those it was sealed with.
    ///
    /// Throws ``OpenFailure`` otherwise, without telling which of the two, or which byte, was wrong.
    public func open(
        using key: borrowing SecretKey,
        authenticating associatedData: [UInt8]
    ) throws(OpenFailure) -> SecureBytes {
        try SecureBytes(count: combined.count - Self.overhead) { message throws(OpenFailure) in
            try open(into: message, using: key, authenticating: associatedData)
        }
    }

    /// Opens into `message`, which is as long as the plaintext. Throws ``OpenFailure``; `message` is then zeros.
    func open(
        into message: UnsafeMutableRawBufferPointer,
        using key: borrowing SecretKey,
        authenticating associatedData: [UInt8]
    ) throws(OpenFailure) {
        Library.start()
        let status = key.withUnsafeBytes { key in
            combined.withUnsafeBufferPointer { box in
                crypto_aead_xchacha20poly1305_ietf_decrypt(
                    message.baseAddress!.assumingMemoryBound(to: UInt8.self), nil, nil,
                    box.baseAddress! + Self.nonceByteCount, UInt64(box.count - Self.nonceByteCount),
                    associatedData, UInt64(associatedData.count), box.baseAddress!,
                    key.baseAddress!.assumingMemoryBound(to: UInt8.self))
            }
        }
        // The cipher works on what is less than a block in a buffer on the stack, and leaves it there.
        sodium_stackzero(Self.stackByteCount)
        guard status == 0 else { throw OpenFailure() }
    }

    /// How much of the stack the cipher may have used, in bytes: more than all its buffers.
    private static let stackByteCount = 4096
}

/// A box did not open: another key, other associated data, changed bytes, or, for a record, wrong padding.
public struct OpenFailure: Error, Equatable {
    /// The one failure there is.
    public init() {}
}
