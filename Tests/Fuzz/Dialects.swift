// The first target of scripts/fuzz, which compiles it together with the sources of EnvFile.
internal import Glibc

/// The dialect that COFFER_FUZZ_TARGET names.
private let dialect: Dialect = {
    guard let name = getenv("COFFER_FUZZ_TARGET"), let dialect = Dialect(rawValue: String(cString: name)) else {
        fatalError("COFFER_FUZZ_TARGET must name a dialect")
    }
    return dialect
}()

/// What a parser hands over, or an encoder writes.
private struct Bytes: EntrySink {
    var bytes: [UInt8] = []
    /// For each entry its name, and where in `bytes` its value stands.
    var entries: [(name: String, value: Range<Int>)] = []

    mutating func begin(name: String, at position: Position) {
        precondition(position.line > 0 && position.column > 0)
        entries.append((name, bytes.count..<bytes.count))
    }

    mutating func append(_ byte: UInt8) {
        bytes.append(byte)
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        self.bytes.append(contentsOf: bytes)
    }

    mutating func end() {
        let last = entries.count - 1
        entries[last].value = entries[last].value.lowerBound..<bytes.count
    }
}

/// Parses any bytes; what parses must still be the same after it was encoded and parsed again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeRawBufferPointer(start: start, count: count)
    _ = Dialect.detect(fileName: nil, input)
    var read = Bytes()
    do throws(ParseError) { try dialect.parse(input, into: &read) } catch { return 0 }

    var file = Bytes()
    let kept = encode(read, into: &file)
    var again = Bytes()
    do { try file.bytes.withUnsafeBytes { try dialect.parse($0, into: &again) } } catch {
        fatalError("what was encoded does not parse")
    }
    guard again.entries.count == kept.count else { fatalError("as many entries are expected as were encoded") }
    for (entry, index) in zip(again.entries, kept) {
        let before = read.entries[index]
        guard entry.name == before.name else { fatalError("a name has changed") }
        guard again.bytes[entry.value].elementsEqual(read.bytes[before.value]) else {
            fatalError("a value has changed")
        }
    }
    return 0
}

/// Writes a file of the entries of `read`; returns the indices of those that the dialect can hold.
private func encode(_ read: Bytes, into file: inout Bytes) -> [Int] {
    var kept: [Int] = []
    dialect.begin(&file)
    for (index, entry) in read.entries.enumerated() where isSecretName(entry.name) {
        let before = file.bytes.count
        do {
            try read.bytes[entry.value].withUnsafeBytes {
                try dialect.encode(name: entry.name, value: $0, isFirst: kept.isEmpty, to: &file)
            }
            kept.append(index)
        } catch { file.bytes.removeSubrange(before...) }
    }
    dialect.end(&file)
    return kept
}

/// Whether an encoder may be given `name`: `^[A-Z][A-Z0-9_]{0,127}$`.
private func isSecretName(_ name: String) -> Bool {
    guard let first = name.utf8.first, UInt8(ascii: "A")...UInt8(ascii: "Z") ~= first else { return false }
    return name.utf8.count <= 128
        && name.utf8.allSatisfy {
            UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
                || $0 == UInt8(ascii: "_")
        }
}
