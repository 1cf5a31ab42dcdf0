"""What the program writes is docs/format.md: a reader that knows only that page finds all that was put in."""

import json
import os
import re
import secrets as random
import sqlite3
import stat
import struct
import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime, timezone

import jwt
import pytest

from conftest import LOWEST_KDF, REPOSITORY, serve, stop
from second_reader import Reader, WrongPassphrase, passphrase_in, subkey

BULLETS = "•" * 8
VALUES = {
    "ONE_CHARACTER": "x",
    "FIFTEEN_CHARACTERS": "123456789abcdef",
    "SIXTEEN_CHARACTERS": "123456789abcdefg",
    "SIXTEEN_OF_FOUR_BYTES": "🔑" * 16,
    "NEXT_TO_LAST_OF_A_BLOCK": "a" * 62,
    "LAST_OF_A_BLOCK": "b" * 63,
    "A_WHOLE_BLOCK": "c" * 64,
    "PEM": "-----BEGIN KEY-----\nMIIB\r\n\tAbEd==\n-----END KEY-----",
    "CONTROLS_AT_BOTH_ENDS": "a\n\tbut nothing else\x7f\x85\u2028z",
    "SPACES_AT_BOTH_ENDS": "  not to be trimmed  ",
    "COMBINING": "e\u0301" * 16,
    "PADDING_LOOK_ALIKE": "\u0080" * 40,
    "THE_LONGEST": "𝄞" * 10_000,
    "N" + "_" * 127: "a name of 128 bytes",
}


def read(vault):
    return Reader(vault.path, passphrase_in(vault.passphrase_file))


def mask_of(value):
    """The first 3 and last 4 code points with 8 bullets between, where at least 9 stay hidden.

    A control, a line break, a mark or what has no shape of its own would disturb its neighbours, so it is a bullet.
    """
    def shown(part):
        return "".join("•" if unicodedata.category(c)[0] in "CM" or c in "\u2028\u2029" else c for c in part)

    return shown(value[:3]) + BULLETS + shown(value[-4:]) if len(value) >= 16 else BULLETS


def only_secret(vault):
    with read(vault) as reader:
        secret, = reader.secrets(reader.personal())
    return secret


def files_of(vault):
    """Everything in the vault's folder: the file and what SQLite keeps beside it."""
    found = {}
    for path in vault.path.parent.iterdir():
        try:
            found[path.name] = path.read_bytes()
        except FileNotFoundError:
            pass  # the log beside a database goes when its last user does
    return found


def test_every_value_is_read_as_it_was_put_in(vault):
    """Names, masks, flags and times too, in the order of creation; the sizes lie around the block of 64 bytes."""
    before = int(time.time())
    for name, value in VALUES.items():
        vault.ok("add", name, input=value)
    with read(vault) as reader:
        personal = reader.personal()
        found = reader.secrets(personal)
        assert {s.name: reader.reveal(personal, s) for s in found} == VALUES
    assert [s.name for s in found] == list(VALUES)
    assert {s.name: s.mask for s in found} == {name: mask_of(value) for name, value in VALUES.items()}
    assert all(before <= s.created == s.updated <= time.time() for s in found)
    assert {(s.default_available, s.created_by_agent) for s in found} == {(False, False)}


@pytest.mark.parametrize("default_available", [False, True])
@pytest.mark.parametrize("created_by_agent", [False, True])
def test_each_flag_is_one_bit(vault, default_available, created_by_agent):
    """Neither flag stands for the other."""
    flags = ["--default-available"] * default_available + ["--created-by-agent"] * created_by_agent
    vault.ok("add", "FLAGGED", *flags, input="value")
    secret = only_secret(vault)
    assert (secret.default_available, secret.created_by_agent) == (default_available, created_by_agent)


def test_a_project_has_its_own_scope(vault):
    """A secret put into it is not in the personal scope, and a name may be in both."""
    vault.ok("project", "create", "Größe 🗝")
    vault.ok("add", "SHARED_NAME", "--project", "Größe 🗝", input="of the project")
    vault.ok("add", "SHARED_NAME", input="of the person")
    with read(vault) as reader:
        personal, (project,) = reader.personal(), reader.projects()
        assert (personal.name, project.name, project.revision) == ("", "Größe 🗝", 1)
        assert personal.id.bytes == reader.vault_id and personal.key != project.key
        assert reader.reveal(project, reader.find(project, "SHARED_NAME")) == "of the project"
        assert reader.reveal(personal, reader.find(personal, "SHARED_NAME")) == "of the person"
        assert len(reader.secrets(project)) == len(reader.secrets(personal)) == 1


def test_a_deleted_project_takes_its_secrets_with_it(vault):
    """Its row goes, the only copy of its key with it, and the rows of its secrets."""
    vault.ok("project", "create", "Short lived")
    vault.ok("add", "DOOMED", "--project", "Short lived", input="value")
    vault.ok("add", "SPARED", input="value")
    vault.ok("project", "delete", "Short lived", "--with-secrets")
    rows = vault.rows()
    assert (len(rows["scopes"]), len(rows["secrets"])) == (1, 1)
    assert only_secret(vault).name == "SPARED"


def test_revisions_grow_as_the_page_says(vault):
    """Every change raises the metadata's revision, a new value both; what did not change is not sealed again."""
    vault.ok("add", "FIRST_NAME", input="the first value")
    added = only_secret(vault)
    vault.ok("update", "FIRST_NAME", "--default-available", "true")
    flagged = only_secret(vault)
    vault.ok("update", "FIRST_NAME", "--rename", "SECOND_NAME")
    renamed = only_secret(vault)
    vault.ok("rotate", "SECOND_NAME", input="another, longer value")
    rotated = only_secret(vault)
    history = [added, flagged, renamed, rotated]

    assert [(s.metadata_revision, s.value_revision) for s in history] == [(1, 1), (2, 1), (3, 1), (4, 2)]
    assert [s.name for s in history] == ["FIRST_NAME", "FIRST_NAME", "SECOND_NAME", "SECOND_NAME"]
    assert [s.default_available for s in history] == [False, True, True, True]
    assert len({(s.id, s.sequence, s.created) for s in history}) == 1
    assert added.sealed_value == flagged.sealed_value == renamed.sealed_value != rotated.sealed_value
    assert rotated.mask == mask_of("another, longer value")
    with read(vault) as reader:
        assert reader.reveal(reader.personal(), rotated) == "another, longer value"
        assert reader.find(reader.personal(), "FIRST_NAME") is None


def test_a_sequence_is_never_used_twice(vault):
    """Not even that of the last secret, after it has been deleted."""
    vault.ok("add", "GONE", input="value")
    gone = only_secret(vault)
    vault.ok("delete", "GONE")
    vault.ok("add", "GONE", input="value")
    again = only_secret(vault)
    assert again.sequence > gone.sequence and again.id != gone.id


def test_what_is_deleted_is_overwritten(vault):
    """`secure_delete`: no page, free or in use, still holds the boxes of a deleted secret."""
    vault.ok("add", "GONE", input="value " * 500)
    gone = only_secret(vault)
    assert any(gone.sealed_value[-64:] in data for data in files_of(vault).values())
    vault.ok("delete", "GONE")
    assert not any(gone.sealed_value[-64:] in data for data in files_of(vault).values())


def test_the_second_reader_refuses_a_wrong_passphrase(vault):
    for wrong in (b"wrong", b"", passphrase_in(vault.passphrase_file) + b" "):
        with pytest.raises(WrongPassphrase):
            Reader(vault.path, wrong)


def test_a_passphrase_is_taken_as_it_is(empty):
    """One line break at the end of its file is cut; spaces, other line breaks and composed characters stay."""
    empty.passphrase_file.write_bytes("  zwei\nZeilen é e\u0301 \n\n".encode())
    empty.init()
    Reader(empty.path, "  zwei\nZeilen é e\u0301 \n".encode())


def test_a_token_is_a_row_and_a_signature(vault):
    """The row's id is the token's `jti`, and the signature is made under root subkey 4."""
    vault.ok("project", "create", "Tokens")
    text = vault.ok("token", "create", "--name", "reader", "--read-only", "--project", "Tokens").decode().strip()
    vault.ok("token", "create", "--name", "writer")
    with read(vault) as reader:
        limited, unlimited = reader.tokens()
        project, = reader.projects()
        claims = jwt.decode(text, subkey(reader.root_key, 4), algorithms=["HS256"], options={"verify_aud": False})
    assert claims["jti"] == str(limited.id)
    assert (claims["iat"], claims["exp"]) == (limited.created, limited.expires)
    assert (limited.kind, limited.access, limited.name, limited.projects) == (1, 1, "reader", [project.id])
    assert (unlimited.kind, unlimited.access, unlimited.name, unlimited.projects) == (1, 2, "writer", [])
    assert {(token.last_used, token.revoked) for token in (limited, unlimited)} == {(0, 0)}


def test_a_token_s_row_says_in_which_hour_it_was_used_and_when_it_was_revoked(vault, server):
    """And stays as it was otherwise."""
    with read(vault) as reader:
        before, = reader.tokens()
    begin = int(time.time())
    assert server.request("GET", "/api/v1/secrets").status_code == 200
    while True:
        with read(vault) as reader:
            used, = reader.tokens()
        if used != before:
            break
        time.sleep(0.05)
    hours = {begin - begin % 3600, int(time.time()) // 3600 * 3600}
    assert used.last_used in hours and used == before._replace(last_used=used.last_used)
    vault.ok("token", "revoke", "tests")
    with read(vault) as reader:
        revoked, = reader.tokens()
        assert reader.verify() == []
    assert begin <= revoked.revoked <= time.time() and revoked == used._replace(revoked=revoked.revoked)


def test_the_program_lists_what_the_second_reader_reads(vault):
    """Ids in lower case, times in UTC."""
    def time_of(seconds):
        return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")

    vault.ok("add", "LISTED", "--default-available", input="a value of some length")
    secret = only_secret(vault)
    assert json.loads(vault.ok("list", "--json"))["secrets"] == [{
        "id": str(secret.id), "name": "LISTED", "masked_value": secret.mask,
        "default_available": True, "created_by_agent": False,
        "created_at": time_of(secret.created), "updated_at": time_of(secret.updated),
    }]


def test_the_file_says_what_it_is(vault):
    """The header: SQLite, in WAL mode, schema 1, `COFF`."""
    header = vault.path.read_bytes()[:100]
    assert header.startswith(b"SQLite format 3\0") and header[18:20] == b"\2\2"
    assert struct.unpack(">I", header[60:64]) == (1,)
    assert header[68:72] == b"COFF"


def shape_of(database):
    """Tables, columns, types, keys and indexes, as SQLite understands them."""
    def ask(query, *bound):
        return sorted(database.execute(query, bound).fetchall())

    tables = ask("""SELECT name, strict FROM pragma_table_list
                    WHERE schema = 'main' AND type = 'table'
                    AND name NOT LIKE 'sqlite%' AND name <> 'grdb_migrations'""")
    return {name: (
        strict,
        ask('SELECT cid, name, type, "notnull", pk FROM pragma_table_info(?)', name),
        ask('SELECT "table", "from", "to", on_delete FROM pragma_foreign_key_list(?)', name),
        ask("""SELECT "unique", origin, group_concat(c.name)
               FROM pragma_index_list(?) AS i, pragma_index_info(i.name) AS c GROUP BY i.name""", name),
    ) for name, strict in tables}


def test_the_schema_is_the_one_on_the_page(vault):
    """Of what SQLite adds or the page tells a reader to ignore, nothing is compared."""
    page = sqlite3.connect(":memory:")
    page.executescript(re.search(r"```sql\n(.*?)```", (REPOSITORY / "docs" / "format.md").read_text(), re.S)[1])
    with closing(sqlite3.connect(f"{vault.path.as_uri()}?mode=ro", uri=True)) as file:
        assert shape_of(file) == shape_of(page)
        assert file.execute("SELECT identifier FROM grdb_migrations").fetchall() == [("1",)]
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.mark.parametrize("options, cost", [(LOWEST_KDF, (2, 19 << 20)), ([], (3, 256 << 20))])
def test_the_slot_holds_the_cost_that_was_asked_for(empty, options, cost):
    """The lowest that is accepted, and the default."""
    empty.ok("init", *options)
    (slot, kind, operations, memory, salt, wrapped), = empty.rows()["key_slots"]
    assert (kind, operations, memory, len(salt), len(wrapped)) == ("passphrase", *cost, 16, 72)
    read(empty)


def test_boxes_tell_sizes_in_steps_of_64_bytes_and_share_no_nonce(vault):
    """One name and one value, sealed in two scopes, have nothing in common."""
    vault.ok("project", "create", "Twin")
    for scope in ([], ["--project", "Twin"]):
        vault.ok("add", "TWIN", *scope, input="the same value")
        vault.ok("rotate", "TWIN", *scope, input="the same value")
    vault.ok("token", "create", "--name", "twin")
    rows = vault.rows()
    wrapped = [r[-1] for r in rows["key_slots"]] + [r[-2] for r in rows["scopes"]]
    records = [r[-1] for table in ("scopes", "tokens", "events", "state") for r in rows[table]]
    records += [box for table in ("secrets", "secret_versions") for r in rows[table] for box in r[-2:]]
    assert len(records) == 2 + 1 + 7 + 1 + 4 + 4
    assert {len(box) for box in wrapped} == {72}
    assert {(len(box) - 40) % 64 for box in records} == {0}
    assert len({box[:24] for box in wrapped + records}) == len(wrapped + records)
    assert len({r[3] for r in rows["secrets"]}) == 2, "a name has another tag in another scope"


def test_ids_are_random_uuids(vault):
    vault.ok("project", "create", "Identified")
    vault.ok("add", "IDENTIFIED", "--project", "Identified", input="value")
    with read(vault) as reader:
        project, = reader.projects()
        secret, = reader.secrets(project)
        assert [id.version for id in (reader.personal().id, project.id, secret.id)] == [4, 4, 4]


def test_nobody_else_may_read_the_vault(empty):
    """0700 and 0600 from the start, whatever the umask; the same for what SQLite keeps beside the file."""
    former = os.umask(0)
    try:
        empty.init()
        running = serve(empty)
    finally:
        os.umask(former)
    try:
        assert len(files_of(empty)) > 1, "a server keeps a log beside the vault"
        assert stat.S_IMODE(empty.path.parent.stat().st_mode) == 0o700
        assert {stat.S_IMODE(p.stat().st_mode) for p in empty.path.parent.iterdir()} == {0o600}
    finally:
        stop(running)


def test_nothing_readable_is_on_disk_while_a_server_writes(vault, server):
    """No value, name, mask or project name in the file, in SQLite's log and index, or in the server's log."""
    project_name = f"Project {random.token_hex(8)}"
    vault.ok("project", "create", project_name)
    with read(vault) as reader:
        project, = reader.projects()
    bodies = [{
        "name": f"NAME_{random.token_hex(8).upper()}", "value": random.token_hex(24),
        "default_available": i % 2 == 0, **({"project_id": str(project.id)} if i % 3 == 0 else {}),
    } for i in range(24)]

    with ThreadPoolExecutor(max_workers=1) as pool:
        posts = [pool.submit(server.request, "POST", "/api/v1/secrets", json=body) for body in bodies]
        seen = []
        while not all(post.done() for post in posts):
            seen.append(files_of(vault))
    seen.append(files_of(vault))
    assert {post.result().status_code for post in posts} == {201}

    # The controls: what is searched was there to be found, in the log as well as in the file.
    with read(vault) as reader:
        found = {s.name: reader.reveal(scope, s)
                 for scope in (reader.personal(), *reader.projects()) for s in reader.secrets(scope)}
    assert found == {body["name"]: body["value"] for body in bodies}
    assert any(data for files in seen for name, data in files.items() if name.endswith("-wal"))

    needles = [project_name, BULLETS, server.token, *found, *found.values()]
    kept = [path.read_bytes() for path in (vault.folder / ".local").rglob("*") if path.is_file()]
    assert kept, "what this machine remembers of the vault"
    written = [data for files in seen for data in files.values()] + [server.log.read_bytes(), *kept]
    assert not [n for n in needles if any(n.encode() in data for data in written)]
