internal import Sodium

/// All forms of all secrets, compiled for one pass over any text: an automaton after Aho and Corasick.
///
/// The time it takes is linear in the text, whatever the text and the secrets are. Its tables are as secret as the
/// values, and stand in memory that is locked, kept out of core dumps, and wiped. Any number of ``Redactor``s may share
/// one.
public final class Automaton: Sendable {
    /// How many characters (Unicode code points) a value has at least, to be searched for.
    public static let minimumLength = 6

    /// Whether `value`, which is UTF-8, has ``minimumLength`` characters.
    public static func isLongEnough(_ value: UnsafeRawBufferPointer) -> Bool {
        value.count >= minimumLength && value.codePointCount >= minimumLength
    }

    let trie: Trie
    let filter: StartFilter
    /// What replaces a match, by the index of the secret.
    let labels: [[UInt8]]

    private init(_ trie: consuming Trie, labels: [[UInt8]]) {
        let filter = StartFilter(trie)
        trie.link(using: filter)
        self.trie = trie
        self.filter = filter
        self.labels = labels
    }

    /// Takes the secrets, one after the other, and makes an automaton of them.
    public struct Builder: ~Copyable, Sendable {
        private var trie = Trie()
        private var labels: [[UInt8]] = []

        /// A builder without secrets. The automaton of none finds nothing.
        public init() {}

        /// Adds all forms of a secret's value, unless it has less than ``Automaton/minimumLength`` characters.
        ///
        /// Returns whether it has. Of two secrets with the same value, the first lends its name.
        public mutating func add(name: String, value: UnsafeRawBufferPointer) -> Bool {
            guard isLongEnough(value) else { return false }
            labels.append(Array("{{$\(name)}}".utf8))
            add(value)
            // Programs trim what they read; the forms of what is left differ in more than their end.
            let trimmed = UnsafeRawBufferPointer(rebasing: value.prefix(Self.trimmedCount(value)))
            if trimmed.count < value.count, isLongEnough(trimmed) { add(trimmed) }
            return true
        }

        /// The automaton of the secrets added.
        public consuming func build() -> Automaton {
            Automaton(trie, labels: labels)
        }

        private mutating func add(_ value: UnsafeRawBufferPointer) {
            let characters = Repertoire(value)
            for form in Form.all where form.isDistinct(for: characters) {
                add(value, as: form)
                guard form.mayBreakLines(for: characters) else { continue }
                trie.labels.endsLinesAsTerminal = true
                add(value, as: form)
                trie.labels.endsLinesAsTerminal = false
            }
        }

        private mutating func add(_ value: UnsafeRawBufferPointer, as form: Form) {
            let start = trie.labels.count
            form.write(value, to: &trie.labels)
            trie.insert(from: start, secret: labels.count - 1)
        }

        private static func trimmedCount(_ value: UnsafeRawBufferPointer) -> Int {
            var count = value.count
            while count > 0, value[count - 1] == UInt8(ascii: "\n") || value[count - 1] == UInt8(ascii: "\r") {
                count -= 1
            }
            return count
        }
    }
}
