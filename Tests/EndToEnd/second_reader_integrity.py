"""The second reader's view of the vault as a whole: the state, the digest, the audit log with its chain, and marks.

Like the rest of it written from docs/format.md alone: "State", "Audit log".
"""

from collections import namedtuple

from second_reader_boxes import (
    Damaged, Fields, RolledBack, associated_data, blake2b, check, open_record, subkey, u64)

State = namedtuple("State", "epoch digest key_slots scopes secrets secret_versions tokens "
                            "last_scope last_secret last_token first_event last_event base head mark_key")
Event = namedtuple("Event", "sequence time kind actor_kind actor terminal detail number subjects")
Subject = namedtuple("Subject", "kind id scope metadata_revision value_revision name")
Mark = namedtuple("Mark", "epoch head")
# `check` is what the page asks for that does not hold: structure, records, versions, digest, counts, sequences or log.
Finding = namedtuple("Finding", "check what")

# The code of each hash that a row contributes, and the columns that it covers.
HASHES = {
    "key_slots": [(1, "slot kind operations memory salt wrapped_root_key")],
    "scopes": [(2, "sequence scope_id revision wrapped_scope_key sealed_details")],
    "secrets": [(3, "sequence secret_id scope_id name_tag metadata_revision value_revision sealed_metadata"),
                (4, "secret_id value_revision sealed_value")],
    "secret_versions": [(5, "secret_id value_revision sealed_version sealed_value")],
    "tokens": [(6, "sequence token_id sealed_details")],
}
EVENT_CODE = b"\x07"
VERSIONS_KEPT = 10


def open_state(reader):
    """The state, of which there is one; a vault without it, or with one that does not open, is refused."""
    one, sealed = reader.row("SELECT one, sealed_state FROM state")
    check(one == 1, "state.one")
    place, where = associated_data("state", reader.vault_id), "state.sealed_state"
    fields = Fields(open_record(sealed, subkey(reader.root_key, 2), place, where), where)
    state = State(fields.number("Q"), fields.take(32), *(fields.number("Q") for _ in range(5)),
                  *(fields.number("q") for _ in range(5)), fields.take(32), fields.take(32), fields.take(32))
    fields.end()
    return state


def with_length(data):
    return len(data).to_bytes(4, "big") + data


def column(name, value):
    """One column as the digest takes it."""
    if isinstance(value, int):
        return u64(value)
    if name.endswith("_id"):
        check(isinstance(value, bytes) and len(value) == 16, f"{name}: not an id")
        return value
    return with_length(value.encode() if isinstance(value, str) else value)


def hash_of(reader, code, names, values):
    joined = b"".join(map(column, names, values))
    return blake2b(bytes([code]) + joined, subkey(reader.root_key, 3))


def exclusive_or(one, other):
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def digest_of(reader):
    """The digest of the rows that are there, and how many of each table there are."""
    digest, counts = bytes(32), {}
    for table, hashes in HASHES.items():
        for code, columns in hashes:
            # NOT INDEXED: the digest is of the table, not of what an index claims that there is.
            rows = reader.rows(f"SELECT {columns.replace(' ', ', ')} FROM {table} NOT INDEXED")
            counts[table] = len(rows)
            for row in rows:
                digest = exclusive_or(digest, hash_of(reader, code, columns.split(), row))
    return digest, counts


def event_rows(reader):
    return reader.rows("SELECT sequence, sealed_event FROM events ORDER BY sequence")


def link(reader, previous, sequence, sealed):
    joined = with_length(previous) + u64(sequence) + with_length(sealed)
    return blake2b(EVENT_CODE + joined, subkey(reader.root_key, 3))


def open_event(reader, sequence, sealed):
    where = "events.sealed_event"
    place = associated_data("event", reader.vault_id, sequence)
    fields = Fields(open_record(sealed, subkey(reader.root_key, 5), place, where), where)
    time, kind, actor_kind = map(fields.number, "qBB")
    check(1 <= kind <= 26 and actor_kind in (1, 2), f"{where}: kind")
    actor, terminal, detail, number = fields.text("B"), fields.text("B"), fields.text("H"), fields.number("Q")
    count = fields.number("H")
    check(count <= 1_000, f"{where}: number of subjects")
    subjects = [subject_in(fields, reader.vault_id) for _ in range(count)]
    fields.end()
    return Event(sequence, time, kind, actor_kind, actor, terminal, detail, number, subjects)


def subject_in(fields, vault_id):
    subject = Subject(fields.number("B"), fields.id(), fields.id(), fields.number("q"), fields.number("q"),
                      fields.text("H"))
    check(subject.kind in (1, 2, 3), f"{fields.where}: kind of a subject")
    check(subject.kind == 1 or (subject.scope.bytes, *subject[3:5]) == (vault_id, 0, 0), f"{fields.where}: scope")
    return subject


def next_event(reader):
    """The sequence of the next event. One is written before a value is shown, so its place must be free."""
    sequence = reader.state.last_event + 1
    check(not reader.rows("SELECT 1 FROM events WHERE sequence = ?", sequence), "events: one after the last")
    return sequence


def findings_in_log(reader):
    """What does not hold of the chain from the base to the head."""
    state, end, rows = reader.state, reader.state.base, event_rows(reader)
    if [sequence for sequence, _ in rows] != list(range(state.first_event, state.last_event + 1)):
        yield Finding("log", "events: not those from the first to the last")
    for row in rows:
        end = link(reader, end, *row)
    if end != state.head:
        yield Finding("log", "events: the chain does not lead to the head")


def findings_in_records(reader):
    """Opens every record of every table, and goes on after one that does not open."""
    failures = []

    def attempt(act, *arguments):
        try:
            return act(*arguments)
        except Damaged as damage:
            failures.append(Finding("records", str(damage)))

    scopes, secrets = {}, {}
    for id, in reader.rows("SELECT scope_id FROM scopes NOT INDEXED"):
        scopes[id] = attempt(reader.scope, id)
    for id, *row in reader.rows(f"SELECT scope_id, {reader.SECRET} FROM secrets NOT INDEXED"):
        if scope := scopes.get(id):
            if secret := attempt(reader.secret, scope, *row):
                secrets[secret.id.bytes] = scope, secret
                attempt(reader.reveal, scope, secret)
        else:
            failures.append(Finding("records", "secrets.scope_id: no scope to open it with"))
    for id, *row in reader.rows(f"SELECT secret_id, {reader.VERSION} FROM secret_versions"):
        if found := secrets.get(id):
            attempt(lambda: reader.reveal(*found, reader.version(*found, *row)))
        else:
            failures.append(Finding("records", "secret_versions.secret_id: no secret to open it with"))
    for row in reader.rows(f"SELECT {reader.TOKEN} FROM tokens NOT INDEXED"):
        attempt(reader.token, *row)
    for row in event_rows(reader):
        attempt(open_event, reader, *row)
    return failures


def findings_in_versions(reader):
    """Of a value with revision *n* the ten before it are kept, and no others."""
    kept = {}
    for id, revision in reader.rows("SELECT secret_id, value_revision FROM secret_versions"):
        kept.setdefault(id, set()).add(revision)
    for id, last in reader.rows("SELECT secret_id, value_revision FROM secrets NOT INDEXED"):
        if kept.pop(id, set()) != set(range(max(1, last - VERSIONS_KEPT), last)):
            yield Finding("versions", "secret_versions: not the ten before the current one")
    if kept:
        yield Finding("versions", "secret_versions: of no secret")


def findings_in_sums(reader):
    state, (digest, counts) = reader.state, digest_of(reader)
    if digest != state.digest:
        yield Finding("digest", "state: the digest is not that of the rows")
    for table, count in counts.items():
        if count != getattr(state, table):
            yield Finding("counts", f"state: the number of {table} is not that of the rows")
    for table, last in zip(("scopes", "secrets", "tokens"), state[7:10], strict=True):
        if reader.row(f"SELECT coalesce(max(sequence), 0) FROM {table} NOT INDEXED")[0] > last:
            yield Finding("sequences", f"state: the last sequence of {table} is lower than one that is there")


def verify(reader):
    """All that does not hold of the vault as a whole. Nothing, for one that a writer of this format left so."""
    structure = [] if reader.rows("PRAGMA integrity_check(1)") == [("ok",)] else [
        Finding("structure", "file: SQLite finds its structure wrong")]
    return [*structure, *findings_in_records(reader), *findings_in_versions(reader), *findings_in_sums(reader),
            *findings_in_log(reader)]


def check_mark(reader, mark):
    """Compares the 80 bytes that a machine has kept of the last state it saw; gives what they say."""
    check(len(mark) == 80 and mark[:8] == b"coffer\x01m", "mark: not a mark")
    state = reader.state
    check(blake2b(mark[:48] + reader.vault_id, state.mark_key) == mark[48:], "mark: of another vault")
    found = Mark(int.from_bytes(mark[8:16], "big"), mark[16:48])
    if state.epoch < found.epoch or (state.epoch == found.epoch and state.head != found.head):
        raise RolledBack("mark: of a newer state than the vault's")
    return found
