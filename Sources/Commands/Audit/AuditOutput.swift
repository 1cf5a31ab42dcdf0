internal import Glibc
internal import SecretsAPI
internal import Vault

/// How events are shown, page by page, however many there are.
struct AuditOutput {
    /// In which form.
    enum Form {
        /// A table for people, lines with tabs for programs.
        case table
        /// One JSON document.
        case document
        /// A JSON object a line.
        case lines
    }

    private let form: Form
    private let vault: Identifier
    private var table = Table(heading: ["SEQ", "TIME", "ACTOR", "WHAT", "SECRETS"])
    private var count = 0

    /// How many secrets of an event are named on a terminal.
    private static let mostNames = 3

    init(_ form: Form, vault: Identifier) {
        self.form = form
        self.vault = vault
    }

    /// Prints some events. Throws ``Failure``.
    mutating func print(_ events: [LoggedEvent]) throws(Failure) {
        if form == .table {
            let most = Terminal.isTerminal(STDOUT_FILENO) ? Self.mostNames : .max
            table.rows = events.map { $0.row(namingAtMost: most) }
            return try table.flush()
        }
        var text: [UInt8] = []
        for event in events {
            if form == .document { text += (count == 0 ? "{\"events\":[" : ",").utf8 }
            text += JSON.encode(EventShape(event, vault: vault))
            if form == .lines { text.append(UInt8(ascii: "\n")) }
            count += 1
        }
        try Output.data(text)
    }

    /// Prints what stands behind the last event. Throws ``Failure``.
    mutating func finish() throws(Failure) {
        if form == .document { try Output.line((count == 0 ? "{\"events\":[" : "") + "],\"count\":\(count)}") }
    }
}
