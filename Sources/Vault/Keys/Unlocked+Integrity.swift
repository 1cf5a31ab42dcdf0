internal import Sodium

/// Sealing, opening and hashing what the vault says of itself as a whole: its state and its log.
extension Unlocked {
    /// The state in `sealed`. Throws ``VaultError/damaged(_:)``, and ``VaultError/rolledBack(_:)`` where it is older than
    /// one that was seen before.
    ///
    /// The last one is remembered with its box: who writes mostly finds what they wrote.
    func state(_ sealed: [UInt8]) throws(VaultError) -> VaultState {
        if let lastState, lastState.sealed == sealed { return lastState.state }
        let state = try Self.open(
            sealed, using: rootKeys.stateSealing, AssociatedData.state(vault: vault), part: .state
        ) {
            try VaultState(decoding: $0)
        }
        guard state.epoch >= lastEpoch else { throw .rolledBack(Rollback(seen: lastEpoch, found: state.epoch)) }
        lastEpoch = state.epoch
        lastState = (sealed, state)
        return state
    }

    /// Seals `state`.
    func seal(_ state: VaultState, random: RandomSource) -> [UInt8] {
        let sealed = Self.seal(
            state.encoded(), using: rootKeys.stateSealing, authenticating: AssociatedData.state(vault: vault),
            random: random
        ).combined
        lastState = (sealed, state)
        return sealed
    }

    /// Remembers a state that was committed.
    func noteCommitted(_ state: VaultState) {
        lastEpoch = state.epoch
        marking?.noteCommitted(state)
    }

    /// Compares the mark, if there is one, with the state that `fetch` reads. Throws ``VaultError/rolledBack(_:)``.
    func checkMark(_ fetch: () throws(VaultError) -> VaultState) throws(VaultError) {
        guard let marking else { return _ = try fetch() }
        try marking.check(fetch)
    }

    /// The epoch that the mark of the vault with `state` has; nil where there is no mark, or none that can be read.
    func markedEpoch(_ state: VaultState) -> UInt64? { marking?.seenEpoch(state) }

    /// Lets the mark follow the vault again, although it spoke against it.
    func acceptMark() {
        marking?.accept()
        writeMark()
    }

    /// Brings the mark up to the last state that was seen.
    func writeMark() {
        guard let state = lastState?.state, state.epoch == lastEpoch else { return }
        marking?.note(state)
    }

    /// What a row contributes to the digest.
    func hash(_ fingerprint: RowFingerprint) -> StateDigest {
        KeyedHash.tag(of: fingerprint.bytes, using: rootKeys.stateHashing).withUnsafeBytes { StateDigest(bytes: $0)! }
    }

    /// The link of `event` in the chain through the log.
    func link(_ event: EventRow, after link: [UInt8]) -> [UInt8] {
        EventChain.link(event, after: link, using: rootKeys.stateHashing)
    }

    /// The row of a new event.
    func newEvent(_ event: Event, sequence: Int64, random: RandomSource) -> EventRow {
        let box = Self.seal(
            event.encoded(), using: rootKeys.eventSealing,
            authenticating: AssociatedData.event(sequence: sequence, vault: vault), random: random)
        return EventRow(sequence: sequence, sealedEvent: box.combined)
    }

    /// The row of an event that other keys sealed, sealed anew in its place.
    func resealed(_ row: EventRow, from old: Unlocked, random: RandomSource) throws(VaultError) -> EventRow {
        EventRow(
            sequence: row.sequence,
            sealedEvent: try Self.reseal(
                row.sealedEvent, from: old.rootKeys.eventSealing, to: rootKeys.eventSealing,
                AssociatedData.event(sequence: row.sequence, vault: vault), part: .event(row.sequence), random: random))
    }

    /// The event in `row`. Throws ``VaultError/damaged(_:)``.
    func event(_ row: EventRow) throws(VaultError) -> LoggedEvent {
        let data = AssociatedData.event(sequence: row.sequence, vault: vault)
        return try Self.open(row.sealedEvent, using: rootKeys.eventSealing, data, part: .event(row.sequence)) {
            LoggedEvent(sequence: row.sequence, event: try Event(decoding: $0))
        }
    }
}
