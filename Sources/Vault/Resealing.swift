internal import Dispatch
internal import Glibc
internal import Sodium
internal import Synchronization

/// Sealing secrets anew, on threads of its own, while the vault's queue reads and writes others: ciphers and hashes take
/// about as long as SQLite does.
///
/// What it reads of the keys is there before the threads begin, and nothing of them changes meanwhile.
final class Resealing: Sendable {
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

    /// What one thread has to itself: where values pass through, and random bytes for nonces, which are no secrets.
    final class Room: @unchecked Sendable {
        // Safe to send: one thread has it at a time.
        var value = SecureBuffer(capacity: 64 << 10)
        private var noise: ArraySlice<UInt8> = []

        /// Bytes of `random`, asked for many at a time: each time is a system call.
        func buffered(_ random: RandomSource) -> RandomSource {
            RandomSource { buffer in
                if self.noise.count < buffer.count { self.noise = random.bytes(max(4096, buffer.count))[...] }
                buffer.copyBytes(from: self.noise.prefix(buffer.count))
                self.noise = self.noise.dropFirst(buffer.count)
            }
        }
    }

    private let old: Unlocked
    private let new: Unlocked
    private let random: RandomSource
    private let rooms: [Room]

    /// More threads than this would wait for SQLite.
    private static let mostThreads = 4

    /// From the keys `old` to `new`.
    init(from old: Unlocked, to new: Unlocked, random: RandomSource) {
        self.old = old
        self.new = new
        self.random = random
        let count = max(1, min(Self.mostThreads, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        rooms = (0..<count).map { _ in Room() }
    }

    /// Has the keys of a scope at hand, so that no thread has to unwrap and keep them: `former` has those that it had, `scope`
    /// those that it gets. Nothing may be under way. Throws ``VaultError/damaged(_:)``.
    func prepare(_ former: ScopeRow, _ scope: ScopeRow) throws {
        _ = try old.scope(former.scope, wrapped: former.wrappedKey)
        _ = try new.scope(scope.scope, wrapped: scope.wrappedKey)
    }

    /// Begins to seal `secrets` under the keys of `scope`, which were prepared. What was begun before must have ended.
    func begin(_ secrets: [SecretRow], in scope: ScopeRow) -> Job {
        let job = Job(secrets)
        DispatchQueue.global(qos: .userInitiated).async { job.finish(Result { try self.reseal(secrets, in: scope) }) }
        return job
    }

    /// Some secrets on their way.
    final class Job: Sendable {
        /// The secrets as they were.
        let secrets: [SecretRow]
        private let result = Mutex<Result<Part, any Error>>(.success(Part()))
        private let done = DispatchGroup()

        fileprivate init(_ secrets: [SecretRow]) {
            self.secrets = secrets
            done.enter()
        }

        fileprivate func finish(_ result: Result<Part, any Error>) {
            self.result.withLock { $0 = result }
            done.leave()
        }

        /// Waits for the end.
        func wait() {
            done.wait()
        }

        /// What became of them, once that is known. Throws ``VaultError/damaged(_:)``.
        func part() throws -> Part {
            wait()
            return try result.withLock { $0 }.get()
        }
    }

    private func reseal(_ secrets: [SecretRow], in scope: ScopeRow) throws -> Part {
        let count = rooms.count
        let results = Mutex([Result<Part, any Error>](repeating: .success(Part()), count: count))
        let (old, new, random, rooms) = (old, new, random, rooms)
        DispatchQueue.concurrentPerform(iterations: count) { index in
            let share = secrets[(secrets.count * index / count)..<(secrets.count * (index + 1) / count)]
            let result = Result {
                let random = rooms[index].buffered(random)
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
