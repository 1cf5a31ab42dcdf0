import Sodium

@testable import TaskRuntime

/// Short ways to redact in tests.
extension Automaton {
    /// The automaton of these names and values.
    static func finding(_ secrets: KeyValuePairs<String, String>) -> Automaton {
        finding(secrets.map { (name: $0.key, value: Array($0.value.utf8)) })
    }

    /// The automaton of these names and values.
    static func finding(_ secrets: [(name: String, value: [UInt8])]) -> Automaton {
        var builder = Builder()
        for (name, value) in secrets { _ = builder.add(name: name, value: SecureBytes(copying: value)) }
        return builder.build()
    }

    /// `text` with its secrets replaced, in one piece.
    func redacting(_ text: String) -> String {
        String(decoding: redacting([Array(text.utf8)]), as: UTF8.self)
    }

    /// The concatenation of `chunks` with its secrets replaced, flushed behind each chunk.
    func redacting(_ chunks: [[UInt8]]) -> [UInt8] {
        var redactor = Redactor(self)
        var output: [UInt8] = []
        for chunk in chunks {
            redactor.take(chunk[...])
            redactor.flush { output += $0 }
        }
        redactor.finish { output += $0 }
        return output
    }
}

extension Redactor {
    /// Receives all of `bytes`.
    mutating func take(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        while !rest.isEmpty {
            let count = receive { room in
                let piece = rest.prefix(room.count)
                room.copyBytes(from: piece)
                return piece.count
            }
            rest = rest.dropFirst(count)
        }
    }
}

extension Form {
    /// `value` in this form, on the ordinary heap, which only a test may do.
    func bytes(of value: [UInt8], onTerminal: Bool = false) -> [UInt8] {
        var labels = Labels(capacity: 64)
        labels.endsLinesAsTerminal = onTerminal
        value.withUnsafeBytes { write($0, to: &labels) }
        return (0..<labels.count).map { labels[$0] }
    }
}

extension Automaton.Builder {
    /// Adds a value in memory of its own.
    mutating func add(name: String, value: borrowing SecureBytes) -> Bool {
        value.withUnsafeBytes { add(name: name, value: $0) }
    }
}
