internal import EnvFile
internal import Sodium

/// Names and values on their way into an env file.
struct EnvFileText {
    /// The names, in the file's order.
    let names: [String]
    /// Their values.
    let values: SecureList

    /// The file, read back and found to hold the same names and values.
    ///
    /// Throws ``Failure`` with the names that `dialect` cannot hold, and the dialects that can hold them.
    func encoded(as dialect: Dialect) throws(Failure) -> SecureBytes {
        try values.reading { values throws(Failure) in
            var refused = [Refusal]()
            let file = Self.encode(0..<names.count, of: names, values, as: dialect, refused: &refused)
            if refused.isEmpty, !Self.holds(file, dialect, names, values) {
                // Never met, and not to be: each entry by itself, to name the one that does not come back.
                refused = names.indices.filter { Self.isHeld($0, names, values, by: dialect) == false }
                    .map { Refusal(index: $0, reason: "would not be read back as it is") }
                if refused.isEmpty { refused = [Refusal(index: 0, reason: "is not read back as it is beside others")] }
            }
            guard refused.isEmpty else { throw failure(refused, dialect, values) }
            return file
        }
    }

    private struct Refusal {
        let index: Int
        let reason: String
    }

    private static func encode(
        _ indices: Range<Int>, of names: [String], _ values: SecureList, as dialect: Dialect,
        refused: inout [Refusal]
    ) -> SecureBytes {
        var file = SecureBuffer(capacity: 4096)
        dialect.begin(&file)
        var isFirst = true
        for index in indices {
            let before = file.count
            do throws(DialectError) {
                try values.withUnsafeBytes(at: index) { bytes throws(DialectError) in
                    try dialect.encode(name: names[index], value: bytes, isFirst: isFirst, to: &file)
                }
                isFirst = false
            } catch {
                file.truncate(to: before)
                refused.append(Refusal(index: index, reason: error.reason))
            }
        }
        dialect.end(&file)
        return file.finish()
    }

    /// Whether `file` reads back as `names` and `values`, each once, in this order.
    private static func holds(
        _ file: borrowing SecureBytes, _ dialect: Dialect, _ names: [String], _ values: SecureList
    ) -> Bool {
        var entries = ImportedEntries(capacity: file.count)
        do throws(ParseError) {
            try file.withUnsafeBytes { bytes throws(ParseError) in try dialect.parse(bytes, into: &entries) }
        } catch { return false }
        let (read, readValues) = entries.finish()
        guard read.map(\.name) == names else { return false }
        return readValues.reading { readValues in
            names.indices.allSatisfy { index in
                values.withUnsafeBytes(at: index) { value in
                    readValues.withUnsafeBytes(at: index) { $0.elementsEqual(value) }
                }
            }
        }
    }

    /// Whether `dialect` holds the entry at `index` by itself.
    private static func isHeld(_ index: Int, _ names: [String], _ values: SecureList, by dialect: Dialect) -> Bool {
        var refused: [Refusal] = []
        let file = encode(index..<(index + 1), of: names, values, as: dialect, refused: &refused)
        guard refused.isEmpty else { return false }
        let one = values.withUnsafeBytes(at: index) { bytes in
            SecureList(SecureBytes(count: bytes.count) { $0.copyMemory(from: bytes) }, ends: [bytes.count])
        }
        return holds(file, dialect, [names[index]], one)
    }

    private func failure(_ refused: [Refusal], _ dialect: Dialect, _ values: SecureList) -> Failure {
        let able = Dialect.allCases.filter { other in
            other != dialect && refused.allSatisfy { Self.isHeld($0.index, names, values, by: other) }
        }
        let list = refused.map { "\(names[$0.index]) \($0.reason)" }.joined(separator: "; ")
        let formats = able.map(\.rawValue).joined(separator: ", ")
        return Failure(
            .badInput, "format '\(dialect.rawValue)' cannot hold this: \(list)",
            hint: able.isEmpty
                ? "nothing was written; no one format holds all of these, so export them apart"
                : "nothing was written; these formats can: \(formats)")
    }
}
