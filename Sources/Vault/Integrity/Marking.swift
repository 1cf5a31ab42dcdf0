internal import Glibc
internal import Sodium

/// Keeps the mark of a vault close to the vault: it may lag behind, and must never run ahead.
///
/// Used on the vault's executor alone.
final class Marking {
    private let mark: EpochMark
    private var written: EpochMark.Content?
    private var writtenAt: ContinuousClock.Instant?
    /// Whether the mark could not be written when it last should have been.
    private(set) var hasFailed = false
    /// Whether the mark speaks against the vault as it is: then it stays until that was accepted.
    private var isContradicted = false

    /// How far the mark may lag behind: a server commits some thousand times a second, and what is lost with it is only
    /// that a rollback by so little goes unnoticed.
    private static let interval = Duration.seconds(1)

    init(_ mark: EpochMark) {
        self.mark = mark
    }

    /// Compares what was seen last with the state that `fetch` reads, and notes that where it is newer.
    ///
    /// The mark is read first: another process may write to the vault, and then to the mark, between the two. Throws
    /// ``VaultError/rolledBack(_:)`` and ``VaultError/damaged(_:)``, and rethrows what `fetch` throws.
    func check(_ fetch: () throws(VaultError) -> VaultState) throws(VaultError) {
        try rereading { () throws(VaultError) in try checkOnce(fetch) }
    }

    /// Runs `body` again, some times, where it finds that the mark is not authentic: it may have been read while another
    /// process was in the middle of writing it.
    private func rereading<R>(_ body: () throws(VaultError) -> R) throws(VaultError) -> R {
        for _ in 1...3 {
            do throws(VaultError) { return try body() } catch .damaged(.mark) { usleep(1_000) }
        }
        return try body()
    }

    private func checkOnce(_ fetch: () throws(VaultError) -> VaultState) throws(VaultError) {
        // Until the two are known to agree.
        isContradicted = true
        let bytes = try mark.read()
        let state = try fetch()
        if let bytes {
            let (found, seen) = (EpochMark.Content(state), try mark.content(of: bytes, using: state.markKey.key))
            written = seen
            if found.epoch < seen.epoch || found.epoch == seen.epoch && found.head != seen.head {
                throw .rolledBack(Rollback(seen: seen.epoch, found: found.epoch))
            }
        }
        isContradicted = false
        write(state)
    }

    /// The epoch that the mark has, read with the key in `state`; nil where it cannot be told. Throws nothing: this is for
    /// what is accepted anyway.
    func seenEpoch(_ state: VaultState) -> UInt64? {
        try? rereading { () throws(VaultError) -> UInt64? in
            guard let bytes = try mark.read() else { return nil }
            return try mark.content(of: bytes, using: state.markKey.key).epoch
        }
    }

    /// Lets the mark be written although it spoke against the vault: its owner has accepted that, and the log has it.
    func accept() {
        isContradicted = false
    }

    /// Notes the state that was just committed, if it is time to.
    func noteCommitted(_ state: VaultState) {
        let now = ContinuousClock.now
        guard writtenAt.map({ now - $0 >= Self.interval }) ?? true else { return }
        write(state)
    }

    /// Notes `state` now.
    func note(_ state: VaultState) {
        write(state)
    }

    private func write(_ state: VaultState) {
        guard !isContradicted else { return }
        writtenAt = .now
        let content = EpochMark.Content(state)
        guard content != written else { return }
        hasFailed = !mark.write(content, using: state.markKey.key)
        if !hasFailed { written = content }
    }
}
