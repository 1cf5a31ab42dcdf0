internal import EnvFile
internal import SecretsAPI
internal import Sodium

/// The entries of a file, with names that secrets may have.
struct NamedValues {
    /// The names, each once.
    private(set) var names: [String] = []
    /// Where each stood, with its name, for messages.
    private(set) var locations: [String] = []
    /// The values, in the same order.
    let values: SecureList

    /// Checks the names, and makes fit ones of others with `fixNames`; leaves out empty values with `skipEmpty`.
    ///
    /// Throws ``Failure`` with all that is wrong. Where quotes are missing, a piece of a value may stand in a name's place:
    /// what is no name is repeated only in the form that it could have, and what looks like a piece not at all.
    init(_ entries: consuming ImportedEntries, fixNames: Bool, skipEmpty: Bool) throws(Failure) {
        let (entries, values) = entries.finish()
        var kept: [Int] = []
        var faults: [String] = []
        var lines: [String: Int] = [:]
        // All at once: each reading by itself changes the protection of all their pages.
        let looks = values.reading { values in
            entries.indices.map { index in values.withUnsafeBytes(at: index, Self.look) }
        }
        for (index, entry) in entries.enumerated() {
            if skipEmpty, looks[index] == .empty { continue }
            let line = entry.position.line
            var name = entry.name
            let isSuspect = looks[index] != .value
            if let fault = SecretName.fault(in: name) {
                guard let fixed = SecretName.upperSnakeCase(name), fixNames || !isSuspect && Self.isPlain(name) else {
                    faults.append("line \(line): the name \(fault)")
                    continue
                }
                guard fixNames else {
                    faults.append("line \(line): the name \(fault); --fix-names makes it \(fixed)")
                    continue
                }
                name = fixed
            }
            if let first = lines.updateValue(line, forKey: name) {
                faults.append("line \(line): \(isSuspect ? "its name" : name) stands in line \(first) already")
                continue
            }
            kept.append(index)
            names.append(name)
            locations.append(isSuspect ? "line \(line): the value" : "line \(line): \(name)")
        }
        guard faults.isEmpty else {
            let more = faults.count > Self.mostFaults ? "; and \(faults.count - Self.mostFaults) more" : ""
            throw Failure(
                .badInput, faults.prefix(Self.mostFaults).joined(separator: "; ") + more,
                hint: "nothing was changed; correct it and try again")
        }
        self.values = kept.count == entries.count ? values : values.picking(kept)
    }

    private enum Look {
        case value
        case empty
        /// A line of base64 from a value without quotes reads as a name, and its padding as an equals sign.
        case padding
    }

    private static func look(_ value: UnsafeRawBufferPointer) -> Look {
        if value.isEmpty { return .empty }
        return value.allSatisfy { $0 == UInt8(ascii: "=") } ? .padding : .value
    }

    /// How many faults are told of.
    private static let mostFaults = 20

    /// Whether `name` looks like one that a person chose, rather than a piece of a key: words, or short.
    private static func isPlain(_ name: String) -> Bool {
        name.utf8.count <= 20 || name.contains { "_-.".contains($0) }
    }
}
