/// What one check of `coffer doctor` came to.
struct Finding: Sendable, Equatable {
    /// Whether what was looked at is as it should be.
    enum State: String, Sendable {
        /// It is.
        case ok
        /// It could be better; Coffer keeps its promises all the same.
        case warning
        /// A promise does not hold here, or soon will not.
        case fails
        /// There is nothing to look at.
        case none
    }

    /// What was looked at.
    let check: String
    /// Whether it is as it should be.
    let state: State
    /// What was found, in words.
    let found: String
    /// The command that mends it, or, where there is none, what does.
    let remedy: String?

    private init(_ check: String, _ state: State, _ found: String, _ remedy: String?) {
        self.check = check
        self.state = state
        self.found = found
        self.remedy = remedy
    }

    static func ok(_ check: String, _ found: String) -> Finding { Finding(check, .ok, found, nil) }
    static func none(_ check: String, _ found: String, remedy: String? = nil) -> Finding {
        Finding(check, .none, found, remedy)
    }
    static func warning(_ check: String, _ found: String, remedy: String) -> Finding {
        Finding(check, .warning, found, remedy)
    }
    static func fails(_ check: String, _ found: String, remedy: String) -> Finding {
        Finding(check, .fails, found, remedy)
    }
}

extension String {
    /// This as one word of a shell's command line.
    var asShellWord: String {
        let isPlain = utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
                || "/._-+:@%,".utf8.contains(byte)
        }
        if isPlain, !isEmpty { return self }
        return "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
    }
}
