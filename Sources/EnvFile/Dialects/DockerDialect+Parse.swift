extension DockerDialect {
    /// Reads lines as docker/cli does, except that `NAME` alone, which takes the value from docker's own environment,
    /// is an error.
    static func parse(_ scanner: Scanner, into sink: inout some EntrySink & ~Copyable) throws(ParseError) {
        var scanner = scanner
        while true {
            skipSpace(&scanner)
            guard let first = scanner.next else { return }
            let start = scanner.index
            var line = scanner.skip { $0 != UInt8(ascii: "\n") }
            scanner.index = min(line.upperBound + 1, scanner.bytes.count)
            if first == UInt8(ascii: "#") { continue }
            if scanner.bytes[line.upperBound - 1] == UInt8(ascii: "\r") { line = start..<line.upperBound - 1 }
            guard let equals = scanner.slice(line).firstIndex(of: UInt8(ascii: "=")) else {
                throw scanner.fault("expected NAME=value", at: start)
            }
            let name = try scanner.entryName(start..<start + equals)
            sink.begin(name: name, at: scanner.position(at: start))
            sink.append(scanner.slice(start + equals + 1..<line.upperBound))
            sink.end()
        }
    }

    /// Passes over white space; blank lines too, since nothing of them is left.
    private static func skipSpace(_ scanner: inout Scanner) {
        while !scanner.isAtEnd {
            let length = WhiteSpace.length(in: scanner.bytes, at: scanner.index)
            if length == 0 { return }
            scanner.index += length
        }
    }
}
