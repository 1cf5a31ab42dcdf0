internal import SecretsAPI
internal import Vault

/// The values that a secret has and had, masked, for people or programs.
struct VersionList {
    private let versions: [Version]

    private struct Version: Encodable {
        let version: Int64
        let masked_value: String
        let set_at: String?
        let replaced_at: String?
    }

    /// The `former` values of the secret that `metadata` are of, and its `current` one.
    init(former: [SecretVersion], current: Int64, of metadata: SecretMetadata) {
        // A value was set when it replaced the one before; the first, when the secret was created.
        var ends: [Int64: Int64] = [0: metadata.createdAt]
        for version in former { ends[version.revision] = version.replacedAt }
        let masks = former.map { ($0.revision, $0.mask) } + [(current, metadata.mask)]
        versions = masks.map { revision, mask in
            Version(
                version: revision, masked_value: mask, set_at: ends[revision - 1].map(Timestamp.text),
                replaced_at: ends[revision].map(Timestamp.text))
        }
    }

    /// Prints them. Throws ``Failure``.
    func print(json: Bool) throws(Failure) {
        if json { return try Output.json(Shape(versions: versions, count: versions.count)) }
        var table = Table(heading: ["VERSION", "VALUE", "SET", "REPLACED"])
        table.rows = versions.map {
            [String($0.version), $0.masked_value, $0.set_at ?? "-", $0.replaced_at ?? "-"]
        }
        try table.print()
    }

    private struct Shape: Encodable {
        let versions: [Version]
        let count: Int
    }
}
