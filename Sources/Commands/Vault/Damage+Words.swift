internal import Vault

extension Damage {
    /// This in words: what happened, and to which row.
    var words: String {
        switch place {
        case .file: "file \(kind): \(row)"
        default: "row \(kind): \(row)"
        }
    }

    /// What it happened to, in words.
    var row: String {
        switch place {
        case .file: "SQLite finds its structure wrong"
        case .rows(let table, let count): "\(count) of \(table), which cannot be told"
        case .keySlot(let number): "key slot \(number)"
        case .scope(let id): "scope \(id)"
        case .secret(let id): "secret \(id)"
        case .version(let id, let revision): "version \(revision) of secret \(id)"
        case .token(let id): "token \(id)"
        case .event(let sequence): "event \(sequence)"
        case .unknown: "which cannot be told"
        }
    }
}
