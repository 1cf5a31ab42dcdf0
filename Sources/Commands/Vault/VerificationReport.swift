internal import SecretsAPI
internal import Vault

/// What a look at the whole vault came to, for people or programs.
struct VerificationReport {
    private let verification: Verification

    init(_ verification: Verification) {
        self.verification = verification
    }

    /// Whether nothing is damaged.
    var isClean: Bool { verification.isClean }

    /// Prints it. Throws ``Failure`` when something is damaged, once that was printed.
    func print(json: Bool) throws(Failure) {
        if json {
            try Output.json(Shape(verification))
        } else if isClean {
            try Output.line(summary)
        } else {
            for damage in verification.damage { try Output.line(damage.words) }
        }
        guard isClean else { throw .damaged(verification.damage) }
    }

    private var summary: String {
        let counts = verification.counts
        let parts = [
            counts.secrets.of("secret"), counts.versions.of("former value"),
            // The personal scope is none.
            max(0, counts.scopes - 1).of("project"), counts.tokens.of("token"), counts.keySlots.of("key slot"),
            counts.events.of("event"),
        ]
        return "verified: \(parts.joined(separator: ", ")), epoch \(verification.epoch)"
    }

    private struct Shape: Encodable {
        struct Counts: Encodable {
            let secrets: Int
            let former_values: Int
            let projects: Int
            let tokens: Int
            let key_slots: Int
            let events: Int
        }

        struct Place: Encodable {
            let kind: String
            let row: String
        }

        let ok: Bool
        let epoch: UInt64
        let counts: Counts
        let damage: [Place]

        init(_ verification: Verification) {
            ok = verification.isClean
            epoch = verification.epoch
            let found = verification.counts
            counts = Counts(
                secrets: found.secrets, former_values: found.versions, projects: max(0, found.scopes - 1),
                tokens: found.tokens, key_slots: found.keySlots, events: found.events)
            damage = verification.damage.map { Place(kind: $0.kind.rawValue, row: $0.row) }
        }
    }
}
