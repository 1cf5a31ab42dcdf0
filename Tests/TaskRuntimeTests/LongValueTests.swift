import Testing

@testable import TaskRuntime

/// Values as long as they may be, and such as repeat themselves.
@Suite struct LongValueTests {
    /// 10,000 characters, of 1 byte or of 4.
    private static func value(_ characters: String, seed: UInt64) -> [UInt8] {
        var random = RedactionPropertyTests.Seeded(state: seed)
        let characters = Array(characters)
        return Array(String((0..<10_000).map { _ in characters.randomElement(using: &random)! }).utf8)
    }

    @Test("a value of 40,000 bytes is replaced in every form, however the stream is cut")
    func longest() {
        let value = Self.value("😀😃🙈🔑", seed: 1)
        let automaton = Automaton.finding([(name: "A", value: value)])
        for (index, form) in Form.all.enumerated() {
            let text = Array("<".utf8) + form.bytes(of: value) + Array(">".utf8)
            let size = [1_000, 4_096, 65_536, 1_000_000][index % 4]
            let chunks = stride(from: 0, to: text.count, by: size).map { Array(text[$0..<min($0 + size, text.count)]) }
            #expect(automaton.redacting(chunks) == Array("<{{$A}}>".utf8), "\(form)")
        }
    }

    @Test("a long value that breaks off at its end is let through as it is")
    func almost() {
        let value = Self.value("abc/ ", seed: 2)
        let automaton = Automaton.finding([(name: "A", value: value)])
        let text = value.dropLast() + Array("\n".utf8) + value + value.dropLast(5_000)
        #expect(
            automaton.redacting([Array(text)])
                == Array(value.dropLast()) + Array("\n{{$A}}".utf8) + value.dropLast(5_000))
    }

    @Test("values that repeat themselves take a time that is linear in the text, not its product with their length")
    func periodic() {
        let one = [UInt8](repeating: UInt8(ascii: "a"), count: 10_000)
        let two = Array(one.dropLast()) + Array("b".utf8)
        let three = (0..<10_000).map { UInt8(ascii: $0 % 2 == 0 ? "a" : "b") }
        let automaton = Automaton.finding([(name: "A", value: one), (name: "B", value: two), (name: "C", value: three)])
        // A search that began anew at each byte would take 10,000 times as long, which is not to be overlooked.
        let run = [UInt8](repeating: UInt8(ascii: "a"), count: 300_000)
        let labels = Array(String(repeating: "{{$A}}", count: 30).utf8)
        #expect(automaton.redacting([run + Array("c".utf8)]) == labels + Array("c".utf8))
        let short = Array(one.dropLast()) + Array("c".utf8)
        #expect(automaton.redacting([short + short + two]) == short + short + Array("{{$B}}".utf8))
    }

    @Test("many values of the greatest length are searched for at once")
    func many() {
        let characters = "abcdefghijklmnop0123456789+/"
        let values = (0..<20).map { (name: "S\($0)", value: Self.value(characters, seed: UInt64($0))) }
        let automaton = Automaton.finding(values)
        let text = values.flatMap { secret in
            secret.value + Array(" ".utf8) + Form.hex(.upper).bytes(of: secret.value) + Array("\n".utf8)
        }
        let expected = values.map { "{{$\($0.name)}} {{$\($0.name)}}\n" }.joined()
        #expect(String(decoding: automaton.redacting([text]), as: UTF8.self) == expected)
    }
}
