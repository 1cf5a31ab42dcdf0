/// What `coffer doctor` found, for people or programs.
struct DoctorReport {
    let findings: [Finding]

    /// Whether no check fails.
    var holds: Bool { !findings.contains { $0.state == .fails } }

    /// Prints all findings. Throws ``Failure``.
    func print(json: Bool) throws(Failure) {
        if json { return try Output.json(Shape(ok: holds, checks: findings.map(Shape.Check.init))) }
        var table = Table(heading: ["CHECK", "STATE", "FOUND", "REMEDY"])
        table.rows = findings.map {
            [$0.check, $0.state == .none ? "-" : $0.state.rawValue, $0.found, $0.remedy ?? "-"]
        }
        try table.print()
    }

    private struct Shape: Encodable {
        struct Check: Encodable {
            let check: String
            let state: String
            let found: String
            let remedy: String?

            init(_ finding: Finding) {
                check = finding.check
                state = finding.state.rawValue
                found = finding.found
                remedy = finding.remedy
            }
        }

        let ok: Bool
        let checks: [Check]
    }
}
