/// The bytes of a file and a place in them.
///
/// A dialect's parser moves a scanner forward; positions are counted only when somebody asks.
struct Scanner {
    /// The file, without its byte order mark; valid UTF-8.
    let bytes: UnsafeRawBufferPointer
    /// The next byte's index.
    var index = 0
    private let lines = LineCount()

    /// Throws ``ParseError`` for what is not UTF-8.
    init(_ file: UnsafeRawBufferPointer) throws(ParseError) {
        let hasMark = file.starts(with: [0xEF, 0xBB, 0xBF])
        bytes = hasMark ? UnsafeRawBufferPointer(rebasing: file[3...]) : file
        if let index = UTF8Check.firstFault(in: bytes) {
            throw fault("this is not UTF-8; save the file as UTF-8", at: index)
        }
    }

    /// Whether nothing is left.
    var isAtEnd: Bool { index == bytes.count }

    /// The next byte; nil at the end.
    var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    /// The byte `offset` behind the next one; nil past the end.
    func peek(_ offset: Int) -> UInt8? {
        index + offset < bytes.count ? bytes[index + offset] : nil
    }

    /// Whether `text` comes next.
    func starts(with text: StaticString) -> Bool {
        guard bytes.count - index >= text.utf8CodeUnitCount else { return false }
        return (0..<text.utf8CodeUnitCount).allSatisfy { bytes[index + $0] == text.utf8Start[$0] }
    }

    /// Takes the next byte.
    mutating func take() -> UInt8? {
        guard let byte = next else { return nil }
        index += 1
        return byte
    }

    /// Takes `text` if it comes next. Returns whether it did.
    mutating func take(_ text: StaticString) -> Bool {
        guard starts(with: text) else { return false }
        index += text.utf8CodeUnitCount
        return true
    }

    /// Passes over bytes as long as `predicate` holds; returns where they were.
    @discardableResult
    mutating func skip(while predicate: (UInt8) -> Bool) -> Range<Int> {
        let start = index
        while index < bytes.count, predicate(bytes[index]) { index += 1 }
        return start..<index
    }

    /// Passes over the rest of the line and the line break; returns where the rest was, without CR, LF or CRLF.
    mutating func skipLine() -> Range<Int> {
        let rest = skip { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        takeLineBreak()
        return rest
    }

    /// Takes one line break: LF, CRLF or a lone CR. Returns whether there was one.
    @discardableResult
    mutating func takeLineBreak() -> Bool {
        take("\r\n") || take("\n") || take("\r")
    }

    /// The bytes of `range`.
    func slice(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[range])
    }

    /// The text of `range`, for names only: a `String` is not wiped.
    func name(_ range: Range<Int>) -> String {
        String(decoding: slice(range), as: UTF8.self)
    }

    /// The place of the byte at `index`, by default the next one.
    func position(at index: Int? = nil) -> Position {
        lines.position(of: min(index ?? self.index, bytes.count), in: bytes)
    }

    /// An error at `index`, by default the next byte.
    func fault(_ reason: String, at index: Int? = nil) -> ParseError {
        ParseError(position: position(at: index), reason: reason)
    }
}
