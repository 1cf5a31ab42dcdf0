/// Secret bytes with several holders, wiped with the last reference.
///
/// For what cannot move or lend ``SecureBytes``: a decoded request, a write that waits for others.
public final class SharedSecureBytes: Sendable {
    /// The bytes, never copied by sharing them.
    public let bytes: SecureBytes

    /// Takes over `bytes`.
    public init(_ bytes: consuming SecureBytes) {
        self.bytes = bytes
    }
}
