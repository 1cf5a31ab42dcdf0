internal import Dispatch
internal import Glibc
internal import Sodium
internal import Synchronization

/// Sealing secrets anew, on as many threads as are worth it: the ciphers and hashes take longer than SQLite does.
///
/// What it reads of the keys is there before the threads begin, and nothing of them changes meanwhile.
final class Resealing {
    /// Secrets in their order, sealed anew, and what they were and are to the digest.
    struct Part: Sendable {
        var rows: [SecretRow] = []
        var former = StateDigest()
        var digest = StateDigest()

        /// Goes on with what follows.
        mutating func append(_ other: Part) {
            rows += other.rows
            former.toggle(other.former)
            digest.toggle(other.digest)
        }
    }

    /// Where the values of one thread pass through.
    final class Room: @unchecked Sendable {
        // Safe to send: one thread has it at a time.
        var value = SecureBuffer(capacity: 64 << 10)
    }

    private let old: Unlocked
    private let new: Unlocked
    private let random: RandomSource
    private let rooms: [Room]

    /// Threads beyond this many would wait for SQLite.
    private static let mostThreads = 4

    /// From the keys `old` to `new`.
    init(from old: Unlocked, to new: Unlocked, random: RandomSource) {
        self.old = old
        self.new = new
        self.random = random
        let count = max(1, min(Self.mostThreads, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        rooms = (0..<count).map { _ in Room() }
    }

    /// The first of the rooms, for what is sealed one by one.
    var room: Room { rooms[0] }

    /// Seals `secrets` of the scope `former` under the keys that it has as `scope`.
    ///
    /// Throws ``VaultError/damaged(_:)``.
    func reseal(_ secrets: [SecretRow], of former: ScopeRow, in scope: ScopeRow) throws -> Part {
        // So that no thread has to unwrap and keep them.
        _ = try old.scope(former.scope, wrapped: former.wrappedKey)
        _ = try new.scope(scope.scope, wrapped: scope.wrappedKey)
        let count = rooms.count
        let results = Mutex([Result<Part, any Error>](repeating: .success(Part()), count: count))
        let (old, new, random, rooms) = (old, new, random, rooms)
        DispatchQueue.concurrentPerform(iterations: count) { index in
            let share = secrets[(secrets.count * index / count)..<(secrets.count * (index + 1) / count)]
            let result = Result {
                var part = Part()
                for secret in share {
                    for fingerprint in secret.fingerprints { part.former.toggle(old.hash(fingerprint)) }
                    let row = try new.resealed(
                        secret, in: scope, from: old, through: &rooms[index].value, random: random)
                    for fingerprint in row.fingerprints { part.digest.toggle(new.hash(fingerprint)) }
                    part.rows.append(row)
                }
                return part
            }
            results.withLock { $0[index] = result }
        }
        var whole = Part()
        for result in results.withLock({ $0 }) { whole.append(try result.get()) }
        return whole
    }
}
