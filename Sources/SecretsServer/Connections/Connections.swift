internal import NIOCore
internal import Synchronization

/// The connections there are, which of them have shown a good token, and how often tokens were bad.
///
/// When there are nearly too many, the oldest that has not shown one makes room for the next: so connections that do
/// nothing, however many, keep nobody out who has a token.
final class Connections: Sendable {
    private struct Entry {
        let channel: any Channel
        let number: Int
        var isTrusted = false
        var failures: FailureBudget
    }

    private struct State {
        var entries: [ObjectIdentifier: Entry] = [:]
        var opened = 0
        /// For TCP. Every peer there is this machine, under whichever of its 16 million loopback addresses it likes.
        var machine: FailureBudget
    }

    private let limits: ServerLimits
    private let state: Mutex<State>
    private let clock = ContinuousClock()

    /// The most that may stay open without having shown a token: the rest is left for those that are just coming.
    private var limit: Int { limits.connections - limits.connections / 8 }

    init(_ limits: ServerLimits) {
        self.limits = limits
        state = Mutex(State(machine: FailureBudget(limits)))
    }

    /// Takes note of a connection until it is closed, and closes another where there are too many.
    func opened(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        let closed: (any Channel)? = state.withLock { state in
            let excess = state.entries.count >= limit
            let oldest = excess ? state.entries.values.filter { !$0.isTrusted }.min { $0.number < $1.number } : nil
            if let oldest { state.entries[ObjectIdentifier(oldest.channel)] = nil }
            state.opened += 1
            state.entries[id] = Entry(channel: channel, number: state.opened, failures: FailureBudget(limits))
            return oldest?.channel
        }
        closed?.close(promise: nil)
        channel.closeFuture.whenComplete { _ in self.closed(id) }
    }

    private func closed(_ id: ObjectIdentifier) {
        // A channel lives until its future is done, so no other has its identity yet.
        state.withLock { $0.entries[id] = nil }
    }

    /// Takes note that a good token came over `channel`.
    func trust(_ channel: any Channel) {
        state.withLock { $0.entries[ObjectIdentifier(channel)]?.isTrusted = true }
    }

    /// Takes note that a bad token came over `channel`; false where its peer has sent too many.
    ///
    /// A peer is this machine, or on a Unix socket, which is its owner's alone, one connection.
    func failed(on channel: any Channel) -> Bool {
        let now = clock.now
        return state.withLock { state in
            if case .unixDomainSocket = channel.localAddress {
                return state.entries[ObjectIdentifier(channel)]?.failures.spend(at: now) ?? true
            }
            return state.machine.spend(at: now)
        }
    }
}
