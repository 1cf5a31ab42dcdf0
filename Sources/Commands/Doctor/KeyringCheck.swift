internal import CPlatform
internal import Glibc

/// Whether the kernel keeps keys for this user.
struct KeyringCheck {
    /// What trying it came to: 0, or an error of add_key(2).
    var error = coffer_keyring_probe()

    func finding() -> Finding {
        let check = "keyring"
        switch error {
        case 0:
            return .ok(check, "the kernel keeps keys for you")
        case EDQUOT, ENFILE:
            return .warning(
                check, "the kernel keeps no more keys for you: the quota is used up",
                remedy: "sudo sysctl kernel.keys.maxkeys=1000")
        case ENOSYS, EPERM, EACCES:
            return .warning(
                check, "the kernel keeps no keys here, as in some containers",
                remedy: "in a user namespace of its own, allow add_key and keyctl (docker's --security-opt seccomp=)")
        default:
            return .warning(
                check, "the kernel keeps no keys for you (error \(error))",
                remedy: "cat /proc/key-users")
        }
    }
}
