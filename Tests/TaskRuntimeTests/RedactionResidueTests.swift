import Sodium
import TestSupport
import Testing

@testable import TaskRuntime

/// What the search leaves in memory. Each test in a process of its own: nobody else's searches to find there.
@Suite struct RedactionResidueTests {
    @Test("a value stands in the automaton as long as that lives, and nowhere afterwards")
    func automaton() async {
        await #expect(processExitsWith: .success) {
            let canary = Canary()
            let value = SecureBytes(copying: canary.bytes)
            let before = canary.occurrences()
            #expect(before == 1)
            var builder = Automaton.Builder()
            // Others, so that the tables grow and move.
            for index in 0..<200 {
                let other = SecureBytes(copying: "value number \(index) of many, and long enough to be wrapped".utf8)
                _ = builder.add(name: "N\(index)", value: other)
            }
            let isAdded = builder.add(name: "CANARY", value: value)
            #expect(isAdded)
            for index in 200..<400 {
                let other = SecureBytes(copying: "value number \(index) of many, and long enough to be wrapped".utf8)
                _ = builder.add(name: "N\(index)", value: other)
            }
            var automaton: Automaton? = builder.build()
            #expect(automaton != nil)
            #expect(canary.occurrences() >= 2)
            automaton = nil
            #expect(canary.occurrences() == 1)
        }
    }

    @Test("a stream's secrets are wiped with its redactor")
    func redactor() async {
        await #expect(processExitsWith: .success) {
            let canary = Canary()
            var builder = Automaton.Builder()
            _ = builder.add(name: "CANARY", value: SecureBytes(copying: canary.bytes))
            let automaton = builder.build()
            let before = canary.occurrences()
            #expect(before >= 1)
            var redactor = Redactor(automaton)
            var output = 0
            // More than the window holds, so that it moves and the gathered output leaves in several pieces.
            for _ in 0..<5_000 {
                _ = redactor.receive { room in
                    room.copyMemory(from: canary.bytes)
                    room[canary.bytes.count] = UInt8(ascii: "\n")
                    return canary.bytes.count + 1
                }
                redactor.flush { output += $0.count }
            }
            #expect(canary.occurrences() > before)
            redactor.finish { output += $0.count }
            #expect(output == 5_000 * "{{$CANARY}}\n".utf8.count)
            _ = consume redactor
            #expect(canary.occurrences() == before)
        }
    }
}
