internal import Glibc

/// Rows for people, aligned and with a heading, when standard output is a terminal; else for programs, with tabs.
struct Table {
    let heading: [String]
    var rows: [[String]] = []
    /// The widest that each column was so far; empty before the heading was printed.
    private var widths: [Int] = []

    init(heading: [String]) {
        self.heading = heading
    }

    /// Prints the table. Throws ``Failure``.
    func print() throws(Failure) {
        var table = self
        try table.flush()
    }

    /// Prints what rows there are and forgets them, so that others can follow. Throws ``Failure``.
    mutating func flush() throws(Failure) {
        let rows = rows.map { $0.map(\.onOneLine) }
        self.rows = []
        guard Terminal.isTerminal(STDOUT_FILENO) else {
            for row in rows { try Output.line(row.joined(separator: "\t")) }
            return
        }
        let lines = widths.isEmpty ? [heading] + rows : rows
        widths = heading.indices.map { column in
            max(lines.map { $0[column].unicodeScalars.count }.max() ?? 0, widths.isEmpty ? 0 : widths[column])
        }
        for line in lines {
            let cells = zip(line, widths).map { cell, width in
                cell + String(repeating: " ", count: width - cell.unicodeScalars.count)
            }
            let text = cells.joined(separator: "  ")
            try Output.line(String(text.reversed().drop { $0 == " " }.reversed()))
        }
    }
}

extension String {
    /// This with `?` for what would move the cursor, end the line or turn the writing direction.
    var onOneLine: String {
        let scalars = unicodeScalars.map { scalar -> Unicode.Scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: "?"
            default: scalar
            }
        }
        return String(String.UnicodeScalarView(scalars))
    }
}
