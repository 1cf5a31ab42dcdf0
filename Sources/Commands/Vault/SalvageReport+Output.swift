internal import Vault

/// How a salvage is reported to people.
extension SalvageReport {
    /// What was lost, a row each.
    var lostTable: Table {
        var table = Table(heading: ["LOST", "WHAT", "ID", "NAME"])
        table.rows = lost.map { lost in
            let id = lost.damage.place.id?.description ?? "-"
            return [lost.damage.kind.rawValue, lost.damage.place.noun, id, lost.name.isEmpty ? "-" : lost.name]
        }
        return table
    }

    /// What was saved, and what stays behind anyhow.
    var notes: [String] {
        let versions = saved.reduce(0) { $0 + $1.versionCount }
        var notes = [
            "saved \(saved.count.of("secret")), \(versions.of("former value")), \(projectCount.of("project"))",
            "note: the log stays in the damaged file; so do its tokens (\(tokenCount)): create new ones",
        ]
        if deletedCount > 0 {
            notes.append("note: not saved, because the log says that they were deleted: \(deletedCount.of("secret"))")
        }
        if !isLogWhole {
            notes.append("note: not all of the log can be read, so more may be lost than what is listed")
        }
        return notes
    }
}

extension Damage.Place {
    /// The id of what is damaged, or of what it belongs to.
    var id: Identifier? {
        switch self {
        case .secret(let id), .scope(let id), .version(let id, _), .token(let id): id
        default: nil
        }
    }

    /// What is damaged, without its id.
    fileprivate var noun: String {
        switch self {
        case .secret: "secret"
        case .scope: "project"
        case .version(_, let revision): "version \(revision) of secret"
        case .rows(let table, let count): "\(count) of \(table)"
        default: "row"
        }
    }
}

/// The two lists as JSON.
struct SalvageShape: Encodable {
    struct Saved: Encodable {
        let id: String
        let name: String
        let project_id: String?
        let former_values: Int
    }

    struct Lost: Encodable {
        let kind: String
        let what: String
        let id: String?
        let name: String?
        let version: Int64?
        let count: UInt64?
    }

    let saved: [Saved]
    let lost: [Lost]
    let projects: Int
    let tokens_left: Int
    let deleted_left: Int
    let log_is_whole: Bool

    init(_ report: SalvageReport) {
        saved = report.saved.map {
            Saved(
                id: $0.id.description, name: $0.name, project_id: $0.project?.description,
                former_values: $0.versionCount)
        }
        lost = report.lost.map(Lost.init)
        projects = report.projectCount
        tokens_left = report.tokenCount
        deleted_left = report.deletedCount
        log_is_whole = report.isLogWhole
    }
}

extension SalvageShape.Lost {
    fileprivate init(_ lost: SalvageReport.Lost) {
        let place = lost.damage.place
        kind = lost.damage.kind.rawValue
        id = place.id?.description
        name = lost.name.isEmpty ? nil : lost.name
        switch place {
        case .version(_, let revision): (what, version, count) = ("version", revision, nil)
        case .rows(let table, let number): (what, version, count) = (table, nil, number)
        case .scope: (what, version, count) = ("project", nil, nil)
        default: (what, version, count) = ("secret", nil, nil)
        }
    }
}
