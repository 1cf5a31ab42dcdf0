internal import SecretsAPI
internal import Vault

/// What an import came to, for people or programs.
struct ImportReport {
    let results: [StoredSecret]
    let isRehearsal: Bool

    /// Prints what was stored. Throws ``Failure`` when names were taken and nothing was therefore stored.
    func print(json: Bool, shape: (SecretMetadata) -> Secret) throws(Failure) {
        let conflicts = results.compactMap { if case .conflict(let name) = $0 { name } else { nil } }
        guard conflicts.isEmpty else {
            throw Failure(
                .exists, "\(Self.count(conflicts, "name is", "names are")) taken: \(conflicts.joined(separator: ", "))",
                hint: "nothing was changed; --on-conflict skip, replace or rename says what to do with them")
        }
        if json {
            let secrets = results.compactMap(Self.metadata).map(shape)
            try Output.json(SecretList(secrets: secrets))
        } else if isRehearsal {
            var table = Table(heading: ["NAME", "VALUE", "WOULD BE"])
            for result in results { table.rows.append(Self.row(result)) }
            try table.print()
        }
        for case .renamed(let metadata, let name) in results where !isRehearsal {
            Terminal.say("note: \(name) was taken, so it is \(metadata.name)")
        }
        Terminal.say(summary)
    }

    private var summary: String {
        var counts: [(String, Int)] = [("created", 0), ("renamed", 0), ("replaced", 0), ("skipped", 0)]
        for result in results {
            switch result {
            case .created: counts[0].1 += 1
            case .renamed: counts[1].1 += 1
            case .replaced: counts[2].1 += 1
            case .skipped, .conflict: counts[3].1 += 1
            }
        }
        let parts = counts.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }
        let total = Self.count(results, "entry", "entries")
        let list = parts.isEmpty ? "" : ": " + parts.joined(separator: ", ")
        return isRehearsal ? "nothing was stored; of \(total) it would be\(list)" : "\(total)\(list)"
    }

    private static func row(_ result: StoredSecret) -> [String] {
        switch result {
        case .created(let metadata): [metadata.name, metadata.mask, "created"]
        case .renamed(let metadata, let name): [name, metadata.mask, "renamed to \(metadata.name)"]
        case .replaced(let metadata): [metadata.name, metadata.mask, "replaced"]
        case .skipped(let name), .conflict(let name): [name, "-", "skipped"]
        }
    }

    private static func metadata(_ result: StoredSecret) -> SecretMetadata? {
        switch result {
        case .created(let metadata), .renamed(let metadata, _), .replaced(let metadata): metadata
        case .skipped, .conflict: nil
        }
    }

    private static func count(_ list: [some Any], _ one: String, _ many: String) -> String {
        "\(list.count) \(list.count == 1 ? one : many)"
    }
}
