import Sodium
import Testing

@testable import Vault

/// A recovery code as text: how it is written, and what is read as one.
@Suite struct RecoveryCodeTests {
    /// The code of the bytes 0 to 31, as docs/format.md has it.
    private static let example = "000G-40R4-0M30-E209-185G-R38E-1W81-24GK-2GAH-C5RR-34D1-P70X-3RFG-5TR5"

    private static func code() -> RecoveryCode {
        RecoveryCode(random: RandomSource { $0.copyBytes(from: (0..<32).map(UInt8.init)) })
    }

    private static func isCode(_ text: String) -> Bool {
        guard case .code(let read) = RecoveryCode.read(SecureBytes(text)) else { return false }
        return read.secret.isEqual(to: code().secret)
    }

    private static func isMistyped(_ text: String) -> Bool {
        if case .mistyped = RecoveryCode.read(SecureBytes(text)) { true } else { false }
    }

    @Test("a code is written as the format's example")
    func example() {
        #expect(String(decoding: Self.code().text().array, as: UTF8.self) == Self.example)
    }

    @Test("case, blanks, hyphens and letters that look like digits make no difference")
    func spellings() {
        let plain = Self.example.filter { $0 != "-" }
        let lookalikes = plain.replacing("0", with: "O").replacing("1", with: "l")
        for text in [
            Self.example, Self.example.lowercased(), plain, plain.lowercased(), lookalikes,
            plain.replacing("1", with: "i"), " " + Self.example.replacing("-", with: " ") + "\n",
            Self.example.replacing("-", with: "\r\n"),
        ] { #expect(Self.isCode(text), "\(text)") }
    }

    @Test("a code with one character changed, left out, added or exchanged with its neighbour is a mistyped one")
    func slips() {
        let text = Array(Self.example)
        for index in text.indices where text[index] != "-" {
            var changed = text
            changed[index] = text[index] == "7" ? "8" : "7"
            var shorter = text
            shorter.remove(at: index)
            var longer = text
            longer.insert("9", at: index)
            var foreign = text
            foreign[index] = "U"
            for slip in [changed, shorter, longer, foreign] {
                #expect(Self.isMistyped(String(slip)), "\(String(slip))")
            }
            guard index + 1 < text.count, text[index + 1] != "-", text[index] != text[index + 1] else { continue }
            var exchanged = text
            exchanged.swapAt(index, index + 1)
            #expect(Self.isMistyped(String(exchanged)), "\(String(exchanged))")
        }
    }

    @Test(
        "what is no code is not taken for one",
        arguments: [
            "", "correct horse battery staple", "t43c-egsn-xzj8-2pe2-52hf-77ds",
            // 56 digits in hexadecimal, 56 letters in words, 56 characters of a password manager.
            "3f0c9d41e6a87b2250cc18e94d7fa6b3019e52d8c47fab6033e1d290",
            "green table shark lamp nine rivers seven bright cats and rain",
            "xK7pQ2mZt9Rw4LbN8cVj3HsYd6FgA5eTq1WnXoPz0iMrSkCvBhGfDyEa",
        ])
    func others(text: String) {
        #expect(!Self.isCode(text) && !Self.isMistyped(text))
    }

    @Test("two codes are not the same")
    func random() {
        #expect(RecoveryCode().text().array != RecoveryCode().text().array)
    }
}
