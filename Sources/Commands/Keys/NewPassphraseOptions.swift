internal import ArgumentParser
internal import Sodium
internal import Vault

/// How a new passphrase comes about, and how good it has to be.
struct NewPassphraseOptions: ParsableArguments {
    @Flag(help: "Make up a passphrase of 120 random bits, and print it, this once.")
    var generate = false

    @Flag(help: "Take a passphrase even if it is trivially guessed.")
    var allowWeak = false

    /// The size of a generated passphrase in bytes, before it is written in 24 symbols.
    private static let generatedByteCount = 15
    private static let generatedGroupSize = 4

    /// The new passphrase, from `source` or made up and printed. Throws ``Failure``: none is given, or it is refused.
    func passphrase(from source: PassphraseSource, vaultPath: String) throws(Failure) -> SecureBytes {
        guard !generate else { return try Self.generated() }
        let passphrase = try source.readNew()
        guard !RecoveryCode.isCode(passphrase) else {
            throw Failure(
                .badInput, "a recovery code is no passphrase: what revokes it would not revoke this",
                hint: "take another one, or --generate")
        }
        let bits = allowWeak ? .infinity : PassphraseStrength.bits(of: passphrase, knowing: Self.names(vaultPath))
        guard bits >= PassphraseStrength.leastBits else {
            throw Failure(
                .badInput, "the passphrase is too easily guessed",
                hint: "take several words that have nothing to do with each other, with blanks between them, or "
                    + "--generate; --allow-weak takes it"
            )
        }
        return passphrase
    }

    /// In Crockford's base32, so that it can be read out, copied from paper and typed without a shift key. A list of words
    /// would do as well, and would be a list to carry and to trust.
    private static func generated() throws(Failure) -> SecureBytes {
        let bytes = SecureBytes(count: generatedByteCount) { RandomSource.system.overwrite($0) }
        let passphrase = CrockfordBase32.text(of: bytes, inGroupsOf: generatedGroupSize, isLowercase: true)
        Terminal.say("this is the passphrase, shown this once; it is typed with its hyphens:")
        try Output.secretLine(passphrase)
        return passphrase
    }

    /// What somebody who guesses knows: whose vault it is, and what it is called.
    private static func names(_ vaultPath: String) -> [String] {
        let file = vaultPath.split(separator: "/").last?.split(separator: ".").first.map(String.init)
        return [LocalUser.actor.name, file ?? ""].map { $0.lowercased() }
    }
}
