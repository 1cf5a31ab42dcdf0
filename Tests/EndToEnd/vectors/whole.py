"""The vault as a whole: states, and the log, that were changed, replayed, or do not fit the rows."""

from vectors.forging import opened, pruned, resealed_event, sealed_state
from vectors.sample import SECOND, row
from vectors.writing import GOOD, LOG_GOES_ON, changed, deleted, flipped, found, put_back, reads, refused, secret


def make_states(former):
    flipped("state", "sealed_state", refused(76), None, "the state does not open")
    deleted("state", "There is no state.", refused(76), None, "state", "1")
    last = row(GOOD, "events", "sequence = (SELECT max(sequence) FROM events)")["sequence"]
    one_more = f"row added: event {last}"
    put_back("replayed-state", "The state is the one from before the last reading, which only the log tells of.",
             LOG_GOES_ON, found("log", one_more), "state", former.state_before_reading)
    put_back("replayed-state-and-more", "The state is the one from before the last change of a secret.", LOG_GOES_ON,
             found("digest log", one_more, f"row added: event {last - 1}", f"row replayed: {secret(SECOND)}"),
             "state", former.state_before_change)

    def restated(name, about, expected, verify, **how):
        edit = how.pop("edit", lambda padded: padded)
        with opened(GOOD) as reader:
            box = sealed_state(reader, edit, **{field: value(reader.state) for field, value in how.items()})
        changed(name, about, expected, verify, "UPDATE state SET sealed_state = :box", box=box)

    restated("state-of-another-digest", "A state that opens, with one bit of its digest flipped.", reads(),
             found("digest", "row replayed: which cannot be told"),
             digest=lambda state: state.digest[:-1] + bytes([state.digest[-1] ^ 1]))
    restated("state-of-another-count", "A state that opens, with one secret more than there are.", reads(),
             found("counts", "row missing: 1 of secrets, which cannot be told"),
             secrets=lambda state: state.secrets + 1)
    restated("state-of-another-head", "A state that opens, with one bit of the last link flipped.", reads(),
             found("log", "row replayed: 1 of events, which cannot be told"),
             head=lambda state: state.head[:-1] + bytes([state.head[-1] ^ 1]))
    restated("state-record-version", "A state of version 2.", refused(76), None, edit=lambda r: b"\2" + r[1:])
    restated("state-left-over-byte", "A byte after the last field of the state.", refused(76), None,
             edit=lambda r: (r.rstrip(b"\0")[:-1] + b"\0\x80").ljust(len(r), b"\0"))
    restated("state-over-padded", "A whole block of padding more than the state should have.", refused(76), None,
             edit=lambda r: r + bytes(64))


def make_events():
    last = row(GOOD, "events", "sequence = (SELECT max(sequence) FROM events)")
    end = last["sequence"]
    flipped("events", "sealed_event", reads(), found("records log", "row altered: event 5"), "the event does not open",
            "sequence = 5")
    deleted("event", "An event in the middle of the log is gone.", reads(), found("log", "row missing: event 5"),
            "events", "sequence = 5")
    deleted("first-event", "The first event of the log is gone.", reads(), found("log", "row missing: event 1"),
            "events", "sequence = 1")
    deleted("last-event", "The last event of the log is gone.", reads(), found("log", f"row missing: event {end}"),
            "events", f"sequence = {end}")
    put_back("added-event", "The last event of the log is there once more, as the next.", LOG_GOES_ON,
             found("records log", f"row added: event {end + 1}"), "events", last | {"sequence": end + 1})
    boxes = {f"box_{n}": row(GOOD, "events", f"sequence = {n}")["sealed_event"] for n in (5, 6)}
    changed("swapped-events", "Two events of the log have exchanged their places.", reads(),
            found("records log", "row altered: event 5", "row altered: event 6"),
            "UPDATE events SET sealed_event = :box_6 WHERE sequence = 5",
            "UPDATE events SET sealed_event = :box_5 WHERE sequence = 6", **boxes)
    changed("resealed-event", "An event opens, and is not the one that the chain was made of.", reads(),
            found("log", "row replayed: 1 of events, which cannot be told"),
            "UPDATE events SET sealed_event = :box WHERE sequence = 5", box=resealed_event(GOOD, 5))
    pruning, count = pruned(GOOD, 3), 3
    steps = [f"DELETE FROM events WHERE sequence = {n}" for n in range(1, count + 1)] + [
        "INSERT INTO events VALUES (:sequence, :event)", "UPDATE state SET sealed_state = :state"]
    changed("pruned", "The first three events were removed, as the log then says: everything opens.", reads(), None,
            *steps, **pruning)
    changed("pruned-event-put-back", "The third of three events that were removed was put back.", reads(),
            found("log", "row added: event 3"), *steps[:2], *steps[3:], **pruning)
