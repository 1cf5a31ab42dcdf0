/// How the program ends, by the numbers of sysexits(3) and, for `run`, by those of env(1).
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
    /// `run` failed before its command was started (env(1), timeout(1)).
    case runFailed = 125
    /// `run`'s command cannot be started.
    case commandNotExecutable = 126
    /// `run`'s command does not exist.
    case commandNotFound = 127
}
