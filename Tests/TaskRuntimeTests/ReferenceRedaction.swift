@testable import TaskRuntime

/// What a ``Redactor`` is to do, done slowly: all occurrences of all forms are looked for at each place.
struct ReferenceRedaction {
    /// Each form, with the index of the secret that it belongs to.
    let forms: [[UInt8]: Int]
    private let names: [String]

    init(_ secrets: [(name: String, value: [UInt8])]) {
        var forms: [[UInt8]: Int] = [:]
        for (index, secret) in secrets.enumerated() {
            for form in Form.all {
                for bytes in [form.bytes(of: secret.value), form.bytes(of: secret.value, onTerminal: true)]
                where bytes.count >= 6 && forms[bytes] == nil { forms[bytes] = index }
            }
        }
        self.forms = forms
        self.names = secrets.map(\.name)
    }

    /// All occurrences, in order of their starts.
    func matches(in stream: [UInt8]) -> [Match] {
        stream.indices.flatMap { start in
            forms.filter { stream[start...].starts(with: $0.key) }
                .map { Match(start: start, end: start + $0.key.count, secret: $0.value) }
        }
    }

    /// The length of the longest end of `stream` that a form, longer than it, begins with.
    func partialMatch(in stream: ArraySlice<UInt8>) -> Int {
        forms.keys.map { form in
            (0...min(form.count - 1, stream.count)).last { stream.suffix($0).elementsEqual(form.prefix($0)) }!
        }.max()!
    }

    /// `stream` with each occurrence replaced.
    func redacting(_ stream: [UInt8]) -> [UInt8] {
        let all = matches(in: stream)
        let outermost = all.filter { inner in
            !all.contains { $0 != inner && $0.start <= inner.start && $0.end >= inner.end }
        }
        var output: [UInt8] = []
        var done = 0
        var labelled = names.map { _ in 0 }
        for match in outermost.sorted(by: { $0.start < $1.start }) {
            if match.start > done { output += stream[done..<match.start] }
            if match.start >= labelled[match.secret] {
                output += "{{$\(names[match.secret])}}".utf8
                labelled[match.secret] = match.end
            }
            done = max(done, match.end)
        }
        return output + stream[min(done, stream.count)...]
    }
}
