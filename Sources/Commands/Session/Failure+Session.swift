internal import Vault

extension Failure {
    /// For what the kernel's keyring refuses.
    init(_ error: KeyringError) {
        switch error {
        case .refused:
            self.init(
                .locked, "the kernel grants no keyring here, as in some containers, so there is no session",
                hint: "give each command its passphrase: --passphrase-file, COFFER_PASSPHRASE_FILE or "
                    + "COFFER_PASSPHRASE_COMMAND; or keep a 'coffer serve' running")
        case .full:
            self.init(
                .inputOutput, "the kernel keeps no more keys for you",
                hint: "'coffer lock --all' ends your sessions; where there are none, 'coffer doctor' tells what helps")
        case .failed(let number):
            self.init(
                .inputOutput, "the kernel's keyring failed (errno \(number))",
                hint: "give the command its passphrase: see 'coffer --help'")
        }
    }
}
