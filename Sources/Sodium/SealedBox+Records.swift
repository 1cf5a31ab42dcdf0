internal import CSodium

/// Records: plaintexts that are padded before they are sealed (docs/format.md, "Sealing").
extension SealedBox {
    /// Seals `record`, padded, under `key`, bound to `associatedData`, with a fresh nonce from `random`.
    public static func seal(
        record: UnsafeRawBufferPointer,
        using key: borrowing SecretKey,
        authenticating associatedData: [UInt8],
        random: RandomSource
    ) -> SealedBox {
        let count = Padding.paddedCount(record.count)
        return SealedBox(count: count, using: key, authenticating: associatedData, random: random) { buffer in
            buffer.copyMemory(from: record)
            Padding.pad(buffer, contentCount: record.count)
        }
    }

    /// The record, without its padding, in protected memory: for values and whatever else is worth its cost.
    ///
    /// Throws ``OpenFailure``.
    public func openRecord(
        using key: borrowing SecretKey, authenticating associatedData: [UInt8]
    ) throws(OpenFailure) -> SecureBytes {
        var record = try open(using: key, authenticating: associatedData)
        do {
            record.truncate(to: try record.withUnsafeBytes(Padding.contentCount))
        } catch {
            throw OpenFailure()
        }
        return record
    }

    /// Appends the record, without its padding, to `buffer`, whose pages many records share.
    ///
    /// Throws ``OpenFailure``; `buffer` is then as it was.
    public func openRecord(
        using key: borrowing SecretKey, authenticating associatedData: [UInt8], appendingTo buffer: inout SecureBuffer
    ) throws(OpenFailure) {
        let start = buffer.count
        let size = combined.count - Self.overhead
        var contentCount = 0
        _ = try buffer.append(atMost: size) { room throws(OpenFailure) in
            try open(into: room, using: key, authenticating: associatedData)
            do { contentCount = try Padding.contentCount(of: UnsafeRawBufferPointer(room)) } catch {
                throw OpenFailure()
            }
            return size
        }
        buffer.truncate(to: start + contentCount)
    }

    /// Lends the record, without its padding, until `body` returns, in ordinary memory that is then wiped: for metadata,
    /// whose fields become ordinary strings anyway.
    ///
    /// Throws ``OpenFailure``, and rethrows what `body` throws.
    public func withRecord<R>(
        using key: borrowing SecretKey, authenticating associatedData: [UInt8],
        _ body: (UnsafeRawBufferPointer) throws -> R
    ) throws -> R {
        let count = combined.count - Self.overhead
        return try withUnsafeTemporaryAllocation(byteCount: max(count, 1), alignment: 1) { buffer in
            let record = UnsafeMutableRawBufferPointer(start: buffer.baseAddress!, count: count)
            defer { sodium_memzero(buffer.baseAddress!, buffer.count) }
            try open(into: record, using: key, authenticating: associatedData)
            let contentCount: Int
            do { contentCount = try Padding.contentCount(of: UnsafeRawBufferPointer(record)) } catch {
                throw OpenFailure()
            }
            return try body(UnsafeRawBufferPointer(rebasing: record[..<contentCount]))
        }
    }

    /// The record, opened with `old` and sealed under `new` in the same place, in memory that is then wiped.
    ///
    /// Throws ``OpenFailure``.
    public func resealingRecord(
        from old: borrowing SecretKey, to new: borrowing SecretKey, authenticating associatedData: [UInt8],
        random: RandomSource
    ) throws -> SealedBox {
        try withRecord(using: old, authenticating: associatedData) {
            SealedBox.seal(record: $0, using: new, authenticating: associatedData, random: random)
        }
    }
}
