import Sodium
import Testing

@testable import TaskRuntime

/// How long output is held back, and what a pause lets through.
@Suite struct HoldingBackTests {
    @Test("only what may be the beginning of a value is held back")
    func holding() {
        var redactor = Redactor(Automaton.finding(["A": "abcdef"]))
        var output = ""
        let steps = [
            ("x", "x"), ("ab", ""), ("c", ""), ("x", "abcx"), ("ab", ""), ("a", "ab"), ("bcde", ""), ("f", "{{$A}}"),
        ]
        for (input, expected) in steps {
            redactor.take(Array(input.utf8)[...])
            redactor.flush { output += String(decoding: $0, as: UTF8.self) }
            #expect(output == expected)
            output = ""
        }
    }

    @Test("a whole value that a longer one begins with waits for the decision")
    func undecided() {
        var redactor = Redactor(Automaton.finding(["A": "abcdef", "B": "abcdefghij"]))
        var output = ""
        redactor.take(Array("abcdef".utf8)[...])
        redactor.flush { output += String(decoding: $0, as: UTF8.self) }
        #expect(redactor.isReleasable == false)
        redactor.release { output += String(decoding: $0, as: UTF8.self) }
        #expect(output == "")
        redactor.take(Array("g!".utf8)[...])
        redactor.flush { output += String(decoding: $0, as: UTF8.self) }
        #expect(output == "{{$A}}g!")
    }

    @Test("a pause lets a partial match of up to 3 bytes through, and no longer one", arguments: 0...5)
    func pause(count: Int) {
        var redactor = Redactor(Automaton.finding(["A": "abcdef"]))
        var output = ""
        redactor.take(Array("? abcdef".utf8.prefix(2 + count))[...])
        redactor.flush { output += String(decoding: $0, as: UTF8.self) }
        #expect(output == "? ")
        #expect(redactor.isReleasable == (1...3).contains(count))
        redactor.release { output += String(decoding: $0, as: UTF8.self) }
        #expect(output == "? " + (count < 4 ? "abc".prefix(count) : ""))
        #expect(redactor.isReleasable == false)
        redactor.finish { output += String(decoding: $0, as: UTF8.self) }
        #expect(output == "? " + "abcdef".prefix(count))
    }

    @Test("a child that dribbles shows 3 bytes of a value at most, in any form")
    func dribbling() {
        let value = Array("s3cret/pässword \"1\"".utf8)
        let automaton = Automaton.finding([(name: "A", value: value)])
        for form in Form.all {
            let bytes = form.bytes(of: value)
            var redactor = Redactor(automaton)
            var output: [UInt8] = []
            for byte in Array("> ".utf8) + bytes + Array("\n".utf8) {
                redactor.take([byte])
                redactor.flush { output += $0 }
                redactor.release { output += $0 }
            }
            redactor.finish { output += $0 }
            #expect(output == Array("> ".utf8) + bytes.prefix(3) + Array("{{$A}}\n".utf8), "\(form)")
        }
    }

    @Test("the end of the stream lets everything through")
    func end() {
        #expect(Automaton.finding(["A": "abcdef", "B": "abcdefghij"]).redacting("abcde") == "abcde")
        #expect(Automaton.finding(["A": "abcdef", "B": "abcdefghij"]).redacting("abcdefghi") == "{{$A}}ghi")
    }

    @Test("an error of the writer is passed on")
    func writerError() {
        struct Closed: Error {}
        var redactor = Redactor(Automaton.finding(["A": "abcdef"]))
        redactor.take(Array("x abcdef y".utf8)[...])
        #expect(throws: Closed.self) { try redactor.flush { (_) throws(Closed) in throw Closed() } }
    }
}
