import Testing

@testable import TaskRuntime

/// The redactor against the reference, on secrets and streams that overlap, repeat themselves and share beginnings.
@Suite struct RedactionPropertyTests {
    /// Numbers that depend on the seed alone (SplitMix64).
    struct Seeded: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
            return mixed ^ (mixed >> 31)
        }
    }

    /// One to four secrets and a stream made of parts of their forms and of noise.
    struct Sample {
        let secrets: [(name: String, value: [UInt8])]
        let stream: [UInt8]

        init(_ random: inout Seeded) {
            let alphabets = ["ab", "a", "abc", "a/\n", "a'\" \\", "6162a", "YWFh", "ä ~%é\u{1}", "=:~#!*(x"]
            let alphabet = Array(alphabets.randomElement(using: &random)!)
            func text(_ length: ClosedRange<Int>) -> [UInt8] {
                let count = length.randomElement(using: &random)!
                return Array(String((0..<count).map { _ in alphabet.randomElement(using: &random)! }).utf8)
            }
            let values = (0..<Int.random(in: 1...4, using: &random)).map { _ in
                text(Bool.random(using: &random) ? 6...9 : 6...40)
            }
            secrets = values.enumerated().map { (name: ["A", "B", "C", "D"][$0.offset], value: $0.element) }
                // One that ends with a line break would be searched for without it, too.
                .map { (name: $0.name, value: $0.value.last == 10 ? $0.value + [UInt8(ascii: "a")] : $0.value) }
            var stream: [UInt8] = []
            while stream.count < 70 {
                let form = Form.all.randomElement(using: &random)!.bytes(of: values.randomElement(using: &random)!)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: stream += text(1...5)
                case 1: stream += form.prefix(Int.random(in: 0...form.count, using: &random))
                case 2: stream += form.suffix(Int.random(in: 0...form.count, using: &random))
                default: stream += form
                }
            }
            self.stream = stream
        }
    }

    @Test("a stream cut at any position, or into single bytes, is redacted as the reference does", arguments: 0..<60)
    func cuts(seed: Int) {
        var random = Seeded(state: UInt64(seed))
        let sample = Sample(&random)
        let expected = ReferenceRedaction(sample.secrets).redacting(sample.stream)
        let automaton = Automaton.finding(sample.secrets)
        for position in 0...sample.stream.count {
            let chunks = [Array(sample.stream[..<position]), Array(sample.stream[position...])]
            #expect(automaton.redacting(chunks) == expected, "seed \(seed), cut at \(position)")
        }
        #expect(automaton.redacting(sample.stream.map { [$0] }) == expected, "seed \(seed)")
    }

    @Test(
        "with pauses anywhere, all but the first 3 bytes of an occurrence are hidden, and nothing else waits",
        arguments: 1000..<1120)
    func pauses(seed: Int) {
        var random = Seeded(state: UInt64(seed))
        let sample = Sample(&random)
        let reference = ReferenceRedaction(sample.secrets)
        let matches = reference.matches(in: sample.stream)
        var redactor = Redactor(Automaton.finding(sample.secrets))
        var output: [UInt8] = []
        var received = 0
        var releases: [Int] = []
        // What is to be seen of the stream's first bytes: those outside all occurrences, and those that were released
        // before the occurrence was complete.
        func visible(before limit: Int) -> [UInt8] {
            let hidden = matches.map { match in
                (releases.last { match.start < $0 && $0 < match.end } ?? match.start)..<match.end
            }
            return (0..<limit).filter { index in !hidden.contains { $0.contains(index) } }.map { sample.stream[$0] }
        }
        while received < sample.stream.count {
            let count = min(Int.random(in: 1...4, using: &random), sample.stream.count - received)
            redactor.take(sample.stream[received..<received + count])
            received += count
            redactor.flush { output += $0 }
            let partial = reference.partialMatch(in: sample.stream[..<received])
            let decided = max(received - partial, releases.last ?? 0)
            #expect(Self.withoutLabels(output) == visible(before: decided), "seed \(seed) at \(received)")
            if Bool.random(using: &random) {
                let isReleasable = redactor.isReleasable
                #expect(!isReleasable || (1...3).contains(partial), "seed \(seed) at \(received)")
                redactor.release { output += $0 }
                if partial < 4 { releases.append(received) }
                #expect(redactor.isReleasable == false)
            }
        }
        redactor.finish { output += $0 }
        #expect(Self.withoutLabels(output) == visible(before: received), "seed \(seed)")
        for match in matches {
            #expect(releases.allSatisfy { $0 <= match.start + 3 || $0 >= match.end }, "seed \(seed)")
        }
    }

    /// `output` without `{{$A}}` and its like; no sample has braces of its own, but for those of its labels.
    private static func withoutLabels(_ output: [UInt8]) -> [UInt8] {
        var rest = output[...]
        var text: [UInt8] = []
        while let byte = rest.first {
            if byte == UInt8(ascii: "{"), rest.dropFirst(2).first == UInt8(ascii: "$") {
                rest = rest.dropFirst(6)
            } else {
                text.append(byte)
                rest = rest.dropFirst()
            }
        }
        return text
    }
}
