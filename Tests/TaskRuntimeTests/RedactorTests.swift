import Sodium
import Testing

@testable import TaskRuntime

/// What is replaced, and by what.
@Suite struct RedactorTests {
    @Test("a value is replaced wherever it stands")
    func replacement() {
        let automaton = Automaton.finding(["A": "abcdef"])
        #expect(automaton.redacting("abcdef") == "{{$A}}")
        #expect(automaton.redacting("x abcdef y abcdefabcdef") == "x {{$A}} y {{$A}}{{$A}}")
        #expect(automaton.redacting("abcdeabcdef ababcdef") == "abcde{{$A}} ab{{$A}}")
        #expect(automaton.redacting("abcdeF bcdef abcde") == "abcdeF bcdef abcde")
    }

    @Test("without secrets, and without output, nothing changes")
    func nothing() {
        #expect(Automaton.finding([:]).redacting("plain text") == "plain text")
        #expect(Automaton.finding(["A": "abcdef"]).redacting("") == "")
    }

    @Test("of two values that begin alike the longer counts, where it is there")
    func longest() {
        let automaton = Automaton.finding(["A": "abcdef", "B": "abcdefghij"])
        #expect(automaton.redacting("abcdefghij") == "{{$B}}")
        #expect(automaton.redacting("abcdefgh") == "{{$A}}gh")
        #expect(automaton.redacting("abcdef") == "{{$A}}")
        let reversed = Automaton.finding(["B": "abcdefghij", "A": "abcdef"])
        #expect(reversed.redacting("abcdefghij abcdefghi") == "{{$B}} {{$A}}ghi")
    }

    @Test("a value within another one has no label of its own")
    func inner() {
        let automaton = Automaton.finding(["A": "cdefgh", "B": "abcdefghij"])
        #expect(automaton.redacting("abcdefghij") == "{{$B}}")
        #expect(automaton.redacting("abcdefghi") == "ab{{$A}}i")
    }

    @Test("of overlapping values nothing is left")
    func overlapping() {
        let automaton = Automaton.finding(["A": "abcdef", "B": "defghi", "C": "hijklm"])
        #expect(automaton.redacting("abcdefghi") == "{{$A}}{{$B}}")
        #expect(automaton.redacting("-abcdefghijklm-") == "-{{$A}}{{$B}}{{$C}}-")
    }

    @Test("a run of a repeated value has one label for each whole one")
    func repetition() {
        let automaton = Automaton.finding(["A": "aaaaaa"])
        for count in 0..<30 {
            let expected =
                count < 6
                ? String(repeating: "a", count: count) : String(repeating: "{{$A}}", count: count / 6)
            #expect(automaton.redacting(String(repeating: "a", count: count)) == expected)
        }
    }

    @Test("a value of fewer than 6 characters is not searched for, however many bytes it has")
    func shortValues() {
        var builder = Automaton.Builder()
        let values = ["A": "abcde", "B": "ÄÖÜäö", "C": "", "D": "ÄÖÜäöü"] as KeyValuePairs
        let added = values.map { builder.add(name: $0.key, value: SecureBytes(copying: $0.value.utf8)) }
        #expect(added == [false, false, false, true])
        #expect(builder.build().redacting("abcde ÄÖÜäö ÄÖÜäöü") == "abcde ÄÖÜäö {{$D}}")
    }

    @Test("of two secrets with the same value the first lends its name")
    func sameValue() {
        #expect(Automaton.finding(["A": "abcdef", "B": "abcdef"]).redacting("abcdef") == "{{$A}}")
    }

    @Test("a value that ends with a line break is also found without it, in every form")
    func trimming() {
        let automaton = Automaton.finding(["A": "abcdef gh\r\n"])
        #expect(automaton.redacting("abcdef gh\r\n") == "{{$A}}")
        #expect(automaton.redacting("abcdef gh, abcdef gh") == "{{$A}}, {{$A}}")
        #expect(automaton.redacting("abcdef%20gh abcdef+gh 6162636465662067680d0a") == "{{$A}} {{$A}} {{$A}}")
        #expect(Automaton.finding(["A": "abcde\n"]).redacting("abcde abcde\n") == "abcde {{$A}}")
    }

    @Test("what is received before a flush is kept, however much it is")
    func severalReceptions() {
        var redactor = Redactor(Automaton.finding(["A": "abcdef"]))
        var output: [UInt8] = []
        let piece = [UInt8](repeating: UInt8(ascii: "."), count: 100_000) + Array("abcdef".utf8)
        for _ in 0..<5 { redactor.take(piece[...]) }
        redactor.flush { output += $0 }
        redactor.finish { output += $0 }
        let expected = String(repeating: ".", count: 100_000) + "{{$A}}"
        #expect(String(decoding: output, as: UTF8.self) == String(repeating: expected, count: 5))
    }

    @Test("a reception of nothing changes nothing, and its answer is passed on", arguments: [0, -1])
    func emptyReception(answer: Int) {
        var redactor = Redactor(Automaton.finding(["A": "abcdef"]))
        redactor.take(Array("abc".utf8)[...])
        let received = redactor.receive { _ in answer }
        #expect(received == answer)
        redactor.take(Array("def".utf8)[...])
        var output: [UInt8] = []
        redactor.finish { output += $0 }
        #expect(output == Array("{{$A}}".utf8))
    }

    @Test("a reception has room for 64 KiB, and its output leaves in few pieces")
    func pieces() {
        let automaton = Automaton.finding(["A": "abcdef"])
        for text in ["no secret at all, ", "now abcdef and then "] {
            var redactor = Redactor(automaton)
            var writes = 0
            var received = 0
            while received < 1 << 20 {
                received += redactor.receive { room in
                    #expect(room.count >= 1 << 16)
                    let bytes = Array(text.utf8)
                    for index in 0..<1 << 16 { room[index] = bytes[index % bytes.count] }
                    return 1 << 16
                }
                redactor.flush { _ in writes += 1 }
            }
            #expect(writes <= 2 * 16)
        }
    }
}
