import Sodium
import Testing

@testable import TaskRuntime

@Suite("A template") struct TemplateTests {
    private func filled(_ text: String, _ values: [String: String] = [:]) throws -> String {
        try Array(text.utf8).withUnsafeBytes { bytes in
            let template = try Template(bytes)
            var buffer = SecureBuffer(capacity: 16)
            var ends: [Int] = []
            for name in template.names {
                buffer.append(values[name]!.utf8)
                ends.append(buffer.count)
            }
            let list = SecureList(buffer.finish(), ends: ends)
            return template.filled(bytes, with: list).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        }
    }

    @Test(
        "has its references filled, and nothing else touched",
        arguments: [
            ("", ""),
            ("no reference", "no reference"),
            ("{{$A}}", "first"),
            ("a {{$A}} b {{$B}} c {{$A}}", "a first b {{$A}} c first"),
            ("{{$A}}{{$B}}", "first{{$A}}"),
            ("{{{$A}}}", "{first}"),
            ("{{ $A }} {{A}} {$A} ${A} {{.Values.x}} {% x %} {{", "{{ $A }} {{A}} {$A} ${A} {{.Values.x}} {% x %} {{"),
            ("{{$}}$A}}", "{{$A}}"),
            ("{{$}}{{$A}}", "{{first"),
            ("ä\r\n{{$A}}\0\n", "ä\r\nfirst\0\n"),
        ])
    func filling(text: String, expected: String) throws {
        #expect(try filled(text, ["A": "first", "B": "{{$A}}"]) == expected)
    }

    @Test("names each secret once, in order of appearance")
    func names() throws {
        let template = try Array("{{$B}}{{$A_2}}{{$B}}".utf8).withUnsafeBytes { try Template($0) }
        #expect(template.names == ["B", "A_2"])
    }

    @Test(
        "with '{{$' and no name behind it is refused, with the line",
        arguments: [
            ("{{$", 1), ("{{$a}}", 1), ("{{$1A}}", 1), ("{{$_A}}", 1), ("{{$A}", 1), ("{{$A }}", 1), ("{{$ A}}", 1),
            ("x\ny\n{{$x := 1}}", 3), ("{{$A}}\n{{$Ä}}", 2), ("{{$" + String(repeating: "A", count: 129) + "}}", 1),
        ])
    func refusals(text: String, line: Int) {
        let error = #expect(throws: TemplateError.self) { try filled(text, ["A": ""]) }
        #expect(error?.line == line)
    }

    @Test("keeps bytes that are no UTF-8")
    func bytes() throws {
        let bytes: [UInt8] = [0xff, 0x00, 0xfe]
        let same = try bytes.withUnsafeBytes { text in
            try Template(text).filled(text, with: SecureList(SecureBytes(copying: []), ends: [])).withUnsafeBytes {
                Array($0)
            }
        }
        #expect(same == bytes)
    }
}
