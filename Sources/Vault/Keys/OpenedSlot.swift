package import Sodium

/// That somebody has just given what opens a vault: what it takes to change the vault's keys, which an open session does
/// not do for.
///
/// Holds the root key, which an unlocked vault does not keep. Let go of it soon.
public final class OpenedSlot: Sendable {
    /// The slot that was opened.
    public let slot: KeySlot
    /// The root key: for another program of this user that has the vault open.
    package let rootKey: SecretKey

    init(_ slot: KeySlot, rootKey: consuming SecretKey) {
        self.slot = slot
        self.rootKey = rootKey
    }
}

extension KeySlot {
    /// The slot of those in `slots` that `typed`, a passphrase or a recovery code, opens; nil stands for one that was
    /// refused.
    ///
    /// Derives a key for each slot of the kind that it may be: slow by design, on the caller's thread. Throws
    /// ``VaultError/wrongPassphrase``, ``VaultError/wrongRecoveryCode``, ``VaultError/mistypedRecoveryCode`` for what is
    /// plainly a code with a slip in it; ``VaultError/damaged(_:)`` where there are no slots or too many, or one was refused
    /// and none opens; and ``VaultError/outOfMemory``.
    static func open(
        _ slots: [KeySlot?], with typed: borrowing SecureBytes, vault: Identifier
    ) throws(VaultError) -> OpenedSlot {
        guard (1...maximumCount).contains(slots.count) else { throw .damaged(.keySlot) }
        // Refused before deriving: a forged cost can neither weaken the vault nor hang the program.
        let usable = slots.compactMap { $0 }
        let refusal: VaultError? = usable.count < slots.count ? .damaged(.keySlot) : nil
        var failure: VaultError
        switch RecoveryCode.read(typed) {
        case .mistyped: failure = .mistypedRecoveryCode
        case .other: failure = .wrongPassphrase
        case .code(let code):
            failure = .wrongRecoveryCode
            // Before those of passphrases, because they cost next to nothing.
            if let opened = try open(usable, .recovery, with: code.secret, vault: vault, &failure) { return opened }
        }
        // Nothing keeps a code, or what looks like one, from having been made a passphrase.
        if let opened = try open(usable, .passphrase, with: typed, vault: vault, &failure) { return opened }
        throw failure == .outOfMemory ? failure : refusal ?? failure
    }

    /// Tries the slots of one kind. Notes in `failure` where there was no memory for one.
    private static func open(
        _ slots: [KeySlot], _ kind: Kind, with secret: borrowing SecureBytes, vault: Identifier,
        _ failure: inout VaultError
    ) throws(VaultError) -> OpenedSlot? {
        for slot in slots where slot.kind == kind {
            do throws(VaultError) {
                return OpenedSlot(slot, rootKey: try slot.unwrap(with: secret, vault: vault))
            } catch .wrongPassphrase {
                continue
            } catch .outOfMemory {
                failure = .outOfMemory
            }
        }
        return nil
    }
}
