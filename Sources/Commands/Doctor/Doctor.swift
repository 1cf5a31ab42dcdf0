internal import ArgumentParser

/// `coffer doctor`.
struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Tell what protects the vault on this machine, and what does not.",
        discussion: """
            A line a check: files, memory, swap, core dumps, the keyring, the clock, the disk, the vault. Each that \
            fails, or could be better, has the command that mends it. Needs no passphrase, and no vault. Ends with 1 \
            where a check fails; a warning is none.

            EXAMPLE:
              coffer doctor
              coffer doctor --json
            """)

    @OptionGroup var options: VaultOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let path = try options.path()
        let notes = StateFolder.path
        // Before the vault is opened, which touches what lies beside it.
        let lastWrite = ClockCheck.newest(of: [path, path + "-wal"])
        let files = FileChecks(
            vault: path, stateFolder: notes,
            passphraseFile: options.passphraseFile ?? Environment["COFFER_PASSPHRASE_FILE"])
        var findings = files.findings() + MemoryChecks().findings()
        findings.append(KeyringCheck().finding())
        findings.append(ClockCheck(lastWrite: lastWrite).finding(now: Clock.now()))
        findings.append(DiskCheck(folder: FileChecks.existing(above: FileChecks.folder(of: path))).finding())
        findings += await VaultChecks(path: path).findings()
        let report = DoctorReport(findings: findings)
        try report.print(json: json)
        if !report.holds { throw ExitCode(1) }
    }
}
