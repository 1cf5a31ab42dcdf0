internal import Dispatch
internal import Glibc
internal import Sodium
internal import Synchronization

/// Reading secrets and sealing them anew, on threads of its own, while the vault's executor writes others: ciphers and hashes
/// take about as long as SQLite does.
///
/// What it reads of the keys is there before the threads begin, and nothing of them changes meanwhile.
final class Resealing: Sendable {
    /// Secrets in their order, as they were and sealed anew, and what they were and are to the digest.
    struct Part: Sendable {
        var secrets: [SecretRow] = []
        var rows: [SecretRow] = []
        var former = StateDigest()
        var digest = StateDigest()
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
    /// One for each job that may be under way.
    private let rooms: [Room]
    private let begun = Atomic(0)
    private let reading = DispatchQueue(label: "resealing.reading")
    private let sealing = DispatchQueue(label: "resealing.sealing", attributes: .concurrent)

    /// More of them than this would wait for SQLite.
    private static let mostJobs = 4

    /// From the keys `old` to `new`.
    init(from old: Unlocked, to new: Unlocked, random: RandomSource) {
        self.old = old
        self.new = new
        self.random = random
        // One that is ready when the next is asked for, and one for each processor meanwhile.
        let count = max(2, min(Self.mostJobs, 1 + sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        rooms = (0..<count).map { _ in Room() }
    }

    /// How many jobs may be under way at a time.
    var jobCount: Int { rooms.count }

    /// Has the keys of a scope at hand, so that no thread has to unwrap and keep them: `former` has those that it had, `scope`
    /// those that it gets. Nothing may be under way. Throws ``VaultError/damaged(_:)``.
    func prepare(_ former: ScopeRow, _ scope: ScopeRow) throws {
        _ = try old.scope(former.scope, wrapped: former.wrappedKey)
        _ = try new.scope(scope.scope, wrapped: scope.wrappedKey)
    }

    /// Begins to seal what `read` gives under the keys of `scope`, which were prepared. Of all that is begun, one `read` is
    /// called at a time, in order. All but the last ``jobCount`` - 1 must have ended.
    func begin(in scope: ScopeRow, _ read: @escaping @Sendable () throws -> [SecretRow]) -> Job {
        let job = Job()
        let room = rooms[begun.add(1, ordering: .relaxed).oldValue % rooms.count]
        reading.async {
            let secrets = Result { try read() }
            self.sealing.async {
                job.finish(Result { try self.reseal(secrets.get(), in: scope, room) })
            }
        }
        return job
    }

    /// Some secrets on their way.
    final class Job: Sendable {
        private let result = Mutex<Result<Part, any Error>>(.success(Part()))
        private let done = DispatchGroup()

        fileprivate init() {
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

    private func reseal(_ secrets: [SecretRow], in scope: ScopeRow, _ room: Room) throws -> Part {
        let random = room.buffered(random)
        var part = Part(secrets: secrets)
        part.rows.reserveCapacity(secrets.count)
        for secret in secrets {
            for fingerprint in secret.fingerprints { part.former.toggle(old.hash(fingerprint)) }
            let row = try new.resealed(secret, in: scope, from: old, through: &room.value, random: random)
            for fingerprint in row.fingerprints { part.digest.toggle(new.hash(fingerprint)) }
            part.rows.append(row)
        }
        return part
    }
}
