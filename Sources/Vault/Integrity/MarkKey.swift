internal import Sodium

/// What authenticates the marks that machines keep of a vault: a random key of 32 bytes, in the vault's state, that stays
/// when all other keys are exchanged (docs/format.md, "The mark").
///
/// So a mark from before that is as good as ever: an older copy of the vault, under the old keys, is still told from a
/// newer one, and a mark that was written by a program with the old keys is no false alarm.
final class MarkKey: Sendable {
    let key: SecretKey

    init(random: RandomSource) {
        key = SecretKey(random: random)
    }

    /// A key as it was stored, ``SecretKey/byteCount`` bytes.
    init(bytes: some Collection<UInt8>) {
        key = SecretKey(SecureBytes(copying: bytes))!
    }
}

extension MarkKey: Equatable {
    static func == (one: MarkKey, other: MarkKey) -> Bool {
        one === other || one.key.copyBytes().isEqual(to: other.key.copyBytes())
    }
}
