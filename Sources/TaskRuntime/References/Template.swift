internal import SecretsAPI

/// A text in which `{{$NAME}}` stands for the value of the secret NAME, and `{{$}}` for `{{` itself.
///
/// Any other `{{` is text like everything else, so templates of other tools pass through. Bytes in, bytes out: whatever is
/// not a reference is not looked at, and values are put in as they are.
public struct Template: Sendable {
    /// A stretch of a template.
    enum Piece: Sendable, Equatable {
        /// The bytes of the template at these offsets.
        case text(Range<Int>)
        /// The secret with this index in ``Template/names``.
        case reference(Int)
    }

    /// The names that the template refers to, each once, in order of appearance.
    public let names: [String]
    let pieces: [Piece]

    private static let opening = Array("{{$".utf8)
    private static let closing = Array("}}".utf8)

    /// Reads `template`. Throws ``TemplateError`` for `{{$` that is not followed by a name, or by nothing, and `}}`.
    public init(_ template: UnsafeRawBufferPointer) throws(TemplateError) {
        var names: [String] = []
        var known: [String: Int] = [:]
        var pieces: [Piece] = []
        var start = 0
        var index = 0
        while index < template.count {
            guard template[index...].starts(with: Self.opening) else {
                index += 1
                continue
            }
            if index > start { pieces.append(.text(start..<index)) }
            let nameStart = index + Self.opening.count
            let nameEnd = template[nameStart...].firstIndex { !SecretName.allows($0) } ?? template.count
            let name = String(decoding: template[nameStart..<nameEnd], as: UTF8.self)
            let isReference = name.isEmpty || SecretName.fault(in: name) == nil
            guard isReference, template[nameEnd...].starts(with: Self.closing) else {
                throw TemplateError(line: template[..<index].count { $0 == UInt8(ascii: "\n") } + 1)
            }
            if name.isEmpty {
                pieces.append(.text(index..<(index + 2)))
            } else {
                if known[name] == nil {
                    known[name] = names.count
                    names.append(name)
                }
                pieces.append(.reference(known[name]!))
            }
            index = nameEnd + Self.closing.count
            start = index
        }
        if start < template.count { pieces.append(.text(start..<template.count)) }
        self.names = names
        self.pieces = pieces
    }
}

/// A reference that is none.
public struct TemplateError: Error, Equatable {
    /// The line it begins in, from 1.
    public let line: Int
}
