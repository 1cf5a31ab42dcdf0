extension Dialect {
    /// The dialect that a file is most likely in, for when nobody says.
    ///
    /// The end of the file's name decides where it can: `.json`; `.yaml` and `.yml`; `.fish`; `.sh`, `.bash`, `.zsh` and
    /// `.envrc`, which are ``shell``. Every other name, `.env` and its kin too, leaves it to the first line that is
    /// neither blank nor a comment:
    ///
    /// | it begins with | dialect |
    /// |---|---|
    /// | `{` | ``json`` |
    /// | `set -x`, `set -gx` and the like | ``fish`` |
    /// | `---`, or a name, a colon and a blank | ``yaml`` |
    /// | a name, `<<` and a word | ``github``; a later line may be part of a value in quotes |
    /// | anything else | ``dotenv`` |
    ///
    /// YAML with a line that begins with `kind:` or `apiVersion:` is ``kubernetes``. ``compose``, ``docker`` and ``node``
    /// cannot be told from ``dotenv``, which reads most of their files alike.
    public static func detect(fileName: String?, _ file: UnsafeRawBufferPointer) -> Dialect {
        // What is not UTF-8 is refused by every parser.
        guard let scanner = try? Scanner(file) else { return .dotenv }
        switch fileName?.split(separator: ".", omittingEmptySubsequences: false).last?.lowercased() {
        case "json": return .json
        case "yaml", "yml": return yamlOrKubernetes(scanner)
        case "fish": return .fish
        case "sh", "bash", "zsh", "envrc": return .shell
        default: return detect(scanner)
        }
    }

    private static func detect(_ scanner: Scanner) -> Dialect {
        var scanner = scanner
        scanner.skipEmptyLines()
        scanner.skip(while: Scanner.isBlank)
        if scanner.starts(with: "{") { return .json }
        if isFishAssignment(scanner) { return .fish }
        if scanner.isAtMark("---") { return yamlOrKubernetes(scanner) }
        var afterName = scanner
        let name = afterName.skip(while: isOfName)
        if !name.isEmpty, afterName.isAtIndicator(UInt8(ascii: ":")) { return yamlOrKubernetes(scanner) }
        return isHeredoc(scanner) ? .github : .dotenv
    }

    private static func yamlOrKubernetes(_ scanner: Scanner) -> Dialect {
        hasLine(scanner) { $0.starts(with: "kind:") || $0.starts(with: "apiVersion:") } ? .kubernetes : .yaml
    }

    /// Whether `set`, options that export among others, and a name come next; bash has options of that form, but no name
    /// behind them.
    private static func isFishAssignment(_ scanner: Scanner) -> Bool {
        var scanner = scanner
        guard scanner.take("set ") else { return false }
        var exports = false
        while scanner.starts(with: "-") {
            let isLong = scanner.starts(with: "--")
            exports = exports || scanner.starts(with: "--export")
            let option = scanner.skip { !Scanner.isBlank($0) && !Scanner.isLineBreak($0) }
            exports = exports || !isLong && scanner.slice(option).contains(UInt8(ascii: "x"))
            scanner.skip(while: Scanner.isBlank)
        }
        return exports && !scanner.skip(while: isOfName).isEmpty
    }

    /// Whether the line is a name, `<<` and one word.
    private static func isHeredoc(_ line: Scanner) -> Bool {
        var line = line
        guard !line.skip(while: isOfName).isEmpty, line.take("<<") else { return false }
        return !line.skip { !Scanner.isBlank($0) && !Scanner.isLineBreak($0) }.isEmpty
            && (line.isAtEnd || line.takeLineBreak())
    }

    private static func hasLine(_ scanner: Scanner, _ predicate: (Scanner) -> Bool) -> Bool {
        var scanner = scanner
        while !scanner.isAtEnd {
            if predicate(scanner) { return true }
            _ = scanner.skipLine()
        }
        return false
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: false
        }
    }
}
