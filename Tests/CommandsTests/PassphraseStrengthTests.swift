import Sodium
import Testing

@testable import Commands

/// What is refused as trivially guessed, and what is not.
@Suite struct PassphraseStrengthTests {
    private func isWeak(_ text: String, names: [String] = ["alice", "work"]) -> Bool {
        bits(Array(text.utf8), names: names) < PassphraseStrength.leastBits
    }

    private func bits(_ bytes: [UInt8], names: [String] = []) -> Double {
        PassphraseStrength.bits(of: SecureBytes(copying: bytes), knowing: names)
    }

    @Test(
        "what guessers try first is refused",
        arguments: [
            "", "a", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "password", "Password1!", "P@ssw0rd2026", "letmein12345",
            "123456789012345", "abcdefghijklmnop", "zyxwvutsrqponm", "qwertyuiop123", "1qaz2wsx3edc4rfv", "asdfghjkl;'",
            "hunter2", "hunter2hunter2hunter2", "abcabcabcabcabcabc", "17.05.1984", "1984-05-17", "19840517summer",
            "alice1984", "ALICE-work-2026", "Alice Alice Alice Alice", "iloveyou!!!!!!!!!!!!!!!", "dragonmonkeymaster",
            "kitten99", "3141592653", "31415926535897", "information", "Information1", "INFORMATION", "christopher1",
            "Information2024!", "Switzerland2025!",
            "inf0rmati0n", "manchesterunited", "rumpelstilzchen", "anticonstitution", "übersetzungen",
            "correcthorsebatterystaple", "thequickbrownfoxjumps", "the quick brown fox",
            "Correct-Horse_Battery Staple", "p-a-s-s-w-o-r-d", "1q2w3e4r5t6y", "q1w2e3r4t5y6", "パスワード", "รหัสผ่าน",
            "информационный", "пароль", "йцукенг", "Παρόλα",
            "비밀번호", "密码密码密码",
        ])
    func weak(text: String) {
        #expect(isWeak(text))
    }

    @Test(
        "what takes longer is taken",
        arguments: [
            "correct horse battery", "tigerumbrellavelvetladder", "tiger umbrella velvet", "TigerUmbrellaVelvet",
            "t43c-egsn-xzj8-2pe2-52hf-77ds", "x7K$pQ2m", "kitchen table lamp",
            "3f0c9d41e6a87b2250cc18e94d7fa6b3", "mein Hund hat 3 Flöhe", "alice fell down the rabbit hole",
            "пароль из нескольких слов", "kqzvtmwxbjf", "五つの言葉を選ぶ",
        ])
    func strong(text: String) {
        #expect(!isWeak(text))
    }

    @Test("letters at random are hardly ever taken for words")
    func random() {
        let letters = Array("abcdefghijklmnopqrstuvwxyz".utf8)
        var generator = SystemRandomNumberGenerator()
        let weak = (0..<200).count { _ in
            bits((0..<14).map { _ in letters.randomElement(using: &generator)! }) < PassphraseStrength.leastBits
        }
        #expect(weak < 40)
    }

    @Test("a name is known only to who knows whose vault it is")
    func names() {
        #expect(isWeak("kqzvtmwxbjf", names: ["kqzvtmwxbjf"]))
        #expect(!isWeak("kqzvtmwxbjf", names: []))
    }

    @Test("the longest passphrase is looked at in good time, any bytes in it")
    func longest() {
        let mixed = (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 151 ^ $0 >> 3) }
        let (strong, weak) = (bits(mixed), bits([UInt8](repeating: 0xff, count: 4096)))
        #expect(strong > PassphraseStrength.leastBits && weak < PassphraseStrength.leastBits)
    }
}
