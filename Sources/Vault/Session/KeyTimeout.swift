internal import Glibc

/// The time for which the kernel still keeps a key, as far as it tells: in `/proc/keys`, proc_keys(5).
enum KeyTimeout {
    private static let units: KeyValuePairs<Character, Int64> = [
        "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400,
    ]

    /// In seconds, rounded down as the kernel does it: to a whole minute, an hour from an hour on, and so forth. Returns nil
    /// where it is not told.
    static func remaining(of serial: Int32) -> Int64? {
        guard let file = fopen("/proc/keys", "re") else { return nil }
        defer { fclose(file) }
        var line: UnsafeMutablePointer<CChar>?
        var size = 0
        defer { free(line) }
        while getline(&line, &size, file) > 0 {
            if let found = remaining(of: serial, in: String(cString: line!)) { return found }
        }
        return nil
    }

    /// The same as `line` tells it; nil where it is another key's, or one that lasts for ever or has ended.
    static func remaining(of serial: Int32, in line: String) -> Int64? {
        // Number, flags, users, time, permissions and more.
        let fields = line.split(separator: " ", maxSplits: 4)
        guard fields.count == 5, Int32(fields[0], radix: 16) == serial,
            let unit = units.first(where: { $0.key == fields[3].last })?.value, let count = Int64(fields[3].dropLast())
        else { return nil }
        return count * unit
    }
}
