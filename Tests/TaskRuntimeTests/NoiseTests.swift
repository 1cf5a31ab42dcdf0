import Glibc
import Testing

@testable import TaskRuntime

/// Many secrets in much output.
@Suite struct NoiseTests {
    @Test("of 20 secrets in a megabyte of output no occurrence is left in any form, and nothing else is touched")
    func manySecrets() {
        var random = RedactionPropertyTests.Seeded(state: 20)
        let characters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/ '\"\\\n\t%ä€😀")
        let secrets = (0..<20).map { index in
            let value = (0..<12 + 4 * index).map { _ in characters.randomElement(using: &random)! }
            return (name: "SECRET_\(index)", value: Array((String(value) + "x").utf8))
        }
        let automaton = Automaton.finding(secrets)
        let reference = ReferenceRedaction(secrets).forms
        let forms = reference.keys.sorted { $0.lexicographicallyPrecedes($1) }
        var output: [UInt8] = []
        var expected: [UInt8] = []
        while output.count < 1 << 20 {
            let noise = (0..<Int.random(in: 1...4000, using: &random) / 8).flatMap { _ in
                withUnsafeBytes(of: random.next()) { Array($0) }
            }
            let form = forms.randomElement(using: &random)!
            // The byte behind the form is of none: a longer one may begin with it.
            output += noise + form + [0]
            expected += noise + Array("{{$\(secrets[reference[form]!].name)}}\0".utf8)
        }
        let chunks = stride(from: 0, to: output.count, by: 4099).map {
            Array(output[$0..<min($0 + 4099, output.count)])
        }
        let redacted = automaton.redacting(chunks)
        #expect(redacted == expected)
        #expect(forms.contains { Self.occurs($0, in: output) })
        #expect(!forms.contains { Self.occurs($0, in: redacted) })
    }

    private static func occurs(_ form: [UInt8], in text: [UInt8]) -> Bool {
        text.withUnsafeBytes { text in
            var rest = text[...]
            while rest.count >= form.count,
                let hit = memchr(text.baseAddress! + rest.startIndex, Int32(form[0]), rest.count - form.count + 1)
            {
                if memcmp(hit, form, form.count) == 0 { return true }
                rest = text[(UnsafeRawPointer(hit) - text.baseAddress! + 1)...]
            }
            return false
        }
    }
}
