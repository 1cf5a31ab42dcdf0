/// How the program ends, by the numbers of sysexits(3).
package enum ExitStatus: Int32 {
    /// The command line is wrong (`EX_USAGE`).
    case usage = 64
    /// What was given is wrong (`EX_DATAERR`).
    case badInput = 65
    /// No such secret, project, token or vault (`EX_NOINPUT`).
    case notFound = 66
    /// Locked, and nobody to ask (`EX_UNAVAILABLE`).
    case locked = 69
    /// Exists already (`EX_CANTCREAT`).
    case exists = 73
    /// Cannot read or write (`EX_IOERR`).
    case inputOutput = 74
    /// The vault is damaged, or was tampered with (`EX_PROTOCOL`).
    case damaged = 76
    /// Wrong passphrase (`EX_NOPERM`).
    case wrongPassphrase = 77
}
