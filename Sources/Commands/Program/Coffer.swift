internal import ArgumentParser

/// `coffer`.
struct Coffer: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coffer",
        abstract: "Keep secrets in one encrypted file, and hand them to the tasks you start.",
        discussion: """
            The vault is the file that --vault names, else COFFER_VAULT, else \
            $XDG_DATA_HOME/coffer/vault.coffer (~/.local/share). Its passphrase is read from --passphrase-file or \
            --passphrase-fd; else there is a session ('coffer unlock'); else it is read from COFFER_PASSPHRASE_FILE or \
            COFFER_PASSPHRASE_COMMAND, or asked on the terminal.

            EXAMPLE:
              coffer init
              coffer add GITHUB_TOKEN --default-available
              coffer export -o .env
            """,
        version: "0.1.0",
        subcommands: [
            Init.self, Unlock.self, Lock.self, Status.self, Verify.self, AuditCommand.self, Backup.self, Restore.self,
            Salvage.self,
            Add.self, List.self, Show.self, Reveal.self, Update.self, Rotate.self, RestoreVersion.self, Delete.self,
            Run.self, Export.self, Import.self, Inject.self, ProjectCommand.self, TokenCommand.self, Serve.self,
            PassphraseCommand.self, RecoveryCommand.self, Rekey.self, KDFCommand.self,
            Doctor.self, ServiceCommand.self,
        ])
}
