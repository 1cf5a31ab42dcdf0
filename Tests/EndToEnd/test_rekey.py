"""`coffer rekey`: all is sealed anew and stays what it was; tokens, recovery codes and old keys are good for nothing."""

import contextlib
import json
import signal
import sqlite3

import pytest

from conftest import CHEAP, PASSPHRASE, serve, stop
from second_reader import Reader
from second_reader_integrity import check_mark
from tampering import change
from test_audit import log
from test_cli_refusals import BAD_INPUT, LOCKED, NOBODY, WRONG_PASSPHRASE, check_refusal
from test_cli_terminal import unlock
from test_recovery import create, given
from watch import forms, own_passphrase, watching

DAMAGED = 76
SAID = b"coffer: sealed everything anew; all tokens and recovery codes are revoked\n"


@pytest.fixture
def filled(vault):
    """A vault with secrets in two scopes, former values, and a shortened log."""
    vault.ok("project", "create", "web")
    vault.ok("import", "-", "--format", "json", input=json.dumps({f"NAME_{n}": f"value {n}" for n in range(600)}))
    vault.ok("add", "KEY", "--project", "web", "--default-available", input="first")
    vault.ok("rotate", "KEY", "--project", "web", input="second")
    vault.ok("audit", "prune", "--keep", "2")
    return vault


def content(vault):
    """All that the second reader finds, but for what tells of the vault as a whole."""
    with Reader(vault.path, PASSPHRASE.encode()) as reader:
        assert reader.verify() == []
        found = []
        for scope in [reader.personal(), *reader.projects()]:
            for secret in reader.secrets(scope):
                former = [(version._replace(sealed_value=b""), reader.reveal(scope, secret, version))
                          for version in reader.versions(scope, secret)]
                found.append((scope._replace(key=b""), secret._replace(sealed_value=b""),
                              reader.reveal(scope, secret), former))
        return found, reader.events(), reader.root_key


def test_everything_stays_what_it_was_under_other_keys(filled):
    before, events, root_key = content(filled)
    done = filled.run("rekey")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", SAID)
    after, later, new_root_key = content(filled)
    assert after == before and len(after) == 601
    assert later[:-1] == events and later[-1].kind == 25
    assert new_root_key != root_key
    assert filled.ok("reveal", "KEY", "--project", "web", "--version", "1") == b"first"
    filled.ok("verify")
    assert ["rekeyed"] == [row[3] for row in log(filled, "--kind", "rekeyed")]


def boxes(vault):
    """All that is sealed, wrapped or hashed, and the salts."""
    return [value for rows in vault.rows().values() for row in rows for value in row
            if isinstance(value, bytes) and len(value) >= 32]


def left(vault, boxes):
    """How many of `boxes` are in the file."""
    data = vault.path.read_bytes()
    return sum(box[:16] in data or box[-16:] in data for box in boxes)


def test_nothing_of_what_was_is_left_in_the_file(filled):
    """The file alone, as it is when nobody has it open; not even in the gaps between rows."""
    filled.ok("token", "create", "--name", "ci")
    # Former values by the hundred, put among each other: SQLite moves them from page to page.
    for number in range(2):
        names = {f"NAME_{n}": f"value {number} of {n} " + "x" * (n % 90) for n in range(0, 600, 2)}
        filled.ok("import", "-", "--format", "json", "--on-conflict", "replace", input=json.dumps(names))
    before = boxes(filled)
    assert len(before) > 3000
    filled.ok("rekey")
    assert [p.name for p in filled.path.parent.iterdir()] == ["vault.coffer"]
    assert left(filled, before) == 0
    data = filled.path.read_bytes()
    assert all(box[:16] in data and box[-16:] in data for box in boxes(filled))


def test_pages_of_another_size_keep_it(filled):
    """Another writer may have chosen them: the format does not say."""
    with contextlib.closing(sqlite3.connect(filled.path, isolation_level=None)) as database:
        database.executescript("PRAGMA journal_mode = DELETE; PRAGMA page_size = 1024; VACUUM; PRAGMA journal_mode = WAL")
    before, boxes_before = content(filled)[0], boxes(filled)
    filled.ok("rekey")
    assert content(filled)[0] == before and left(filled, boxes_before) == 0
    with contextlib.closing(sqlite3.connect(filled.path)) as database:
        assert database.execute("PRAGMA page_size").fetchone() == (1024,)


def test_tokens_and_recovery_codes_are_revoked(filled):
    filled.ok("token", "create", "--name", "ci")
    filled.ok("token", "create", "--name", "agent", "--api-key")
    code = create(filled)
    filled.ok("rekey")
    assert filled.ok("token", "list") == b""
    assert [slot["kind"] for slot in json.loads(filled.ok("status", "--json"))["slots"]] == ["passphrase"]
    check_refusal(given(filled, code, "list"), WRONG_PASSPHRASE)
    event, = json.loads(filled.ok("audit", "--json", "--kind", "rekeyed"))["events"]
    assert [(s["kind"], s["name"]) for s in event["subjects"]] == [("token", "ci"), ("token", "agent")]
    assert log(filled, "--kind", "rekeyed")[0][3] == "rekeyed, 2 tokens revoked"


@pytest.mark.parametrize("is_told", [True, False], ids=["told", "not told"])
def test_a_running_server_with_the_old_keys_answers_and_writes_nothing_until_it_is_unlocked(filled, is_told):
    server = serve(filled)
    # As if there were no way to the server's control socket, which is beside what is noted of the vault.
    env = {} if is_told else {"XDG_STATE_HOME": str(filled.folder / "elsewhere")}
    try:
        assert server.request("GET", "/api/v1/secrets").status_code == 200
        done = filled.run("rekey", env=env)
        locked = b"coffer: note: running servers are locked; 'coffer unlock --server' unlocks them\n"
        assert (done.returncode, done.stderr) == (0, SAID + (locked if is_told else b""))
        before = filled.rows()
        late = filled.ok("token", "create", "--name", "late").decode().strip()
        rows = filled.rows()
        for token in (server.token, late):
            # One that was not told sees it by a token that it does not know.
            assert server.request("GET", "/api/v1/secrets", token=token).status_code == 423
            body = {"name": "LATE", "value": "value"}
            assert server.request("POST", "/api/v1/secrets", token=token, json=body).status_code == 423
        assert filled.rows() == rows and rows["secrets"] == before["secrets"]
        assert filled.run("unlock", "--server").stderr.decode() == "coffer: unlocked 1 server\n" + CHEAP
        assert server.request("GET", "/api/v1/secrets", token=late).status_code == 200
        assert server.request("GET", "/api/v1/secrets").status_code == 401
    finally:
        stop(server)
    filled.ok("verify")


def test_a_server_that_does_not_answer_may_still_hold_the_old_keys(filled):
    server = serve(filled)
    try:
        server.process.send_signal(signal.SIGSTOP)
        done = filled.run("rekey")
        warning = "a server did not answer, and may still hold the old keys; end it: kill -9 %d"
        assert (done.returncode, done.stderr.decode()) == (
            0, SAID.decode() + f"coffer: warning: {warning % server.process.pid}\n")
    finally:
        server.process.send_signal(signal.SIGCONT)
        stop(server)


def test_a_server_that_ends_later_leaves_a_mark_that_is_as_good(filled):
    server = serve(filled)
    server.request("POST", "/api/v1/secrets", json={"name": "NEW", "value": "value"})
    filled.ok("rekey")
    stop(server)
    filled.ok("list")
    filled.ok("verify")


def mark(vault):
    file, = (vault.folder / ".local" / "state" / "coffer").glob("*.mark")
    return file


def test_a_mark_from_before_is_an_older_one_here_and_on_other_machines(filled):
    elsewhere = {"HOME": str(filled.folder / "elsewhere")}
    filled.ok("list", env=elsewhere)
    older = mark(filled).read_bytes()
    filled.ok("rekey")
    with Reader(filled.path, PASSPHRASE.encode()) as reader:
        assert check_mark(reader, older).epoch < check_mark(reader, mark(filled).read_bytes()).epoch
    filled.ok("verify", env=elsewhere)
    mark(filled).write_bytes(older)
    filled.ok("verify")


def test_a_copy_from_before_is_refused_as_an_older_one(filled):
    copy = filled.path.read_bytes()
    filled.ok("rekey")
    filled.path.write_bytes(copy)
    assert "older than when it was last seen" in check_refusal(filled.run("list"), DAMAGED)


def test_a_backup_from_before_is_not_restored_over_the_vault_and_opens_elsewhere(filled):
    backup = filled.folder / "backup"
    filled.ok("backup", backup)
    filled.ok("rekey")
    before = filled.rows()
    assert "rekey" in check_refusal(filled.run("restore", "--replace-newer", backup), BAD_INPUT)
    assert filled.rows() == before
    place = filled.folder / "restored"
    filled.ok("restore", backup, "--vault", place)
    assert json.loads(filled.ok("list", "--json", "--vault", place))["count"] == 600


def test_a_damaged_vault_keeps_its_keys(filled):
    change(filled.path, "DELETE FROM secrets WHERE sequence = 7")
    before = filled.rows()
    said = check_refusal(filled.run("rekey"), DAMAGED)
    assert "secret" in said and filled.rows() == before


def test_it_needs_the_passphrase_itself(filled):
    code = create(filled)
    before = filled.rows()
    check_refusal(filled.run("rekey", env=NOBODY), LOCKED)
    check_refusal(given(filled, "wrong", "rekey"), WRONG_PASSPHRASE)
    assert "'coffer passphrase change'" in check_refusal(given(filled, code, "rekey"), BAD_INPUT)
    assert filled.rows() == before


def test_what_is_left_while_somebody_reads_the_vault_is_told(filled):
    before = boxes(filled)
    with contextlib.closing(sqlite3.connect(filled.path, isolation_level=None)) as reader:
        reader.execute("BEGIN").connection.execute("SELECT count(*) FROM secrets").fetchall()
        done = filled.run("rekey")
        assert done.returncode == 0
        assert done.stderr.startswith(SAID + b"coffer: warning: what was replaced may still stand in the file")
        assert left(filled, before) == len(before)
        reader.execute("COMMIT")
    filled.ok("verify")
    assert left(filled, before) == 0


def test_a_person_sees_how_far_it_has_come(filled):
    dialogue = unlock(filled, "rekey")
    assert dialogue.end() == 0
    assert "coffer: rekeying [" in dialogue.shown and SAID.decode().strip() in dialogue.shown


def test_an_error_takes_the_place_of_how_far_it_has_come(filled):
    change(filled.path, "DELETE FROM events WHERE sequence = (SELECT max(sequence) FROM events)")
    dialogue = unlock(filled, "rekey")
    assert dialogue.end() == DAMAGED
    before, cleared, after = dialogue.shown.rpartition("\r\x1b[K")
    assert "coffer: rekeying [" in before and after.startswith("coffer: error: the vault is damaged")


def test_what_changes_keys_shows_neither_keys_nor_what_opens_them(empty):
    first, new = own_passphrase(), own_passphrase()
    empty.write_passphrase(first)
    empty.init()
    empty.ok("project", "create", "web")
    empty.ok("add", "KEY", "--project", "web", input="a value")
    file = empty.folder / "new"
    file.write_text(new)
    file.chmod(0o600)
    keys, output = [], b""

    def note_keys(passphrase):
        with Reader(empty.path, passphrase) as reader:
            keys.extend([reader.root_key, *(scope.key for scope in [reader.personal(), *reader.projects()])])

    note_keys(first.encode())
    with watching(first.encode(), new.encode(), *keys) as watch:
        done = [empty.run("recovery", "create")]
        code = done[0].stdout.strip()
        done.append(empty.run("passphrase", "change", "--new-passphrase-file", file))
        empty.write_passphrase(new)
        done += [empty.run("rekey"), empty.run("passphrase", "change", "--generate")]
        made = done[-1].stdout.strip()
    assert [one.returncode for one in done] == [0] * 4, done[-1].stderr
    output = b"".join(one.stderr for one in done) + done[1].stdout + done[2].stdout
    note_keys(made)
    secrets = [first.encode(), new.encode(), code, code.replace(b"-", b""), made, *keys]
    assert b"coffer" in watch.seen
    for text in [output, *watch.texts]:
        assert not any(form in text for secret in secrets for form in forms(secret)), "a secret was shown"
