/// What can still be read of a damaged vault's log.
struct SalvageLog {
    /// What it says there must be, and what not any more.
    private(set) var subjects = LoggedSubjects()
    /// Whether nothing of it is missing.
    private(set) var isWhole = false

    /// Reads the events of `tables`; `state`, where it opens, tells which there must be.
    init(_ tables: DamagedTables, _ keys: Unlocked, state: VaultState?) {
        var rest: [LoggedEvent] = []
        var last: Int64 = 0
        var isAscending = true
        var count: Int64 = 0
        _ = tables.forEachRow(of: .events) { row in
            guard let event = try? keys.event(EventRow(row)) else { return }
            count += 1
            // From the first on they come in order, and one is held at a time; what is read backwards waits for its turn.
            isAscending = isAscending && event.sequence > last
            if isAscending {
                subjects.note(event.event)
                last = event.sequence
            } else {
                rest.append(event)
            }
        }
        for event in rest.sorted(by: { $0.sequence < $1.sequence }) { subjects.note(event.event) }
        if let log = state?.log { isWhole = count == log.last - log.first + 1 }
    }
}
