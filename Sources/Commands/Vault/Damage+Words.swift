internal import Vault

extension Damage {
    /// This in words: what happened, and to which row.
    var words: String {
        switch place {
        case .file: "file \(kind): SQLite finds its structure wrong"
        case .rows(let table, let count): "row \(kind): \(count) of \(table), which cannot be told"
        case .keySlot(let number): "row \(kind): key slot \(number)"
        case .scope(let id): "row \(kind): scope \(id)"
        case .secret(let id): "row \(kind): secret \(id)"
        case .version(let id, let revision): "row \(kind): version \(revision) of secret \(id)"
        case .token(let id): "row \(kind): token \(id)"
        case .event(let sequence): "row \(kind): event \(sequence)"
        case .unknown: "row \(kind): which cannot be told"
        }
    }
}
