internal import Glibc

/// Rows for people, aligned and with a heading, when standard output is a terminal; else for programs, with tabs.
struct Table {
    let heading: [String]
    var rows: [[String]] = []

    /// Prints the table. Throws ``Failure``.
    func print() throws(Failure) {
        let rows = rows.map { $0.map(\.onOneLine) }
        guard Terminal.isTerminal(STDOUT_FILENO) else {
            for row in rows { try Output.line(row.joined(separator: "\t")) }
            return
        }
        let all = [heading] + rows
        let widths = heading.indices.map { column in all.map { $0[column].unicodeScalars.count }.max() ?? 0 }
        for row in all {
            let cells = zip(row, widths).map { cell, width in
                cell + String(repeating: " ", count: width - cell.unicodeScalars.count)
            }
            let line = cells.joined(separator: "  ")
            try Output.line(String(line.reversed().drop { $0 == " " }.reversed()))
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
